/**
 * Decimal numbers as they are written: read exactly, compared exactly.
 *
 * A double has 53 bits. `1400794645.392014450` and `1400794645.392014400` are
 * the same double, and two servers that compare doubles may each keep another
 * fix for ever. So order is decided on the digits.
 *
 * @module
 */
import type { ByteString } from "./bytes.ts";

const ZERO = 48;
const NINE = 57;
const DOT = 46;
const MINUS = 45;

/** Integer digits that a double holds exactly. */
const EXACT_DIGITS = 15;
const EXACT_BELOW = 10 ** EXACT_DIGITS;
const NANO_DIGITS = 9;
const NANOS = 1_000_000_000;

/**
 * A time as two numbers: `seconds` rounded down, and `nanos` from 0 to 999,999,999
 * on top of it. Digits beyond the ninth are left out, and beyond 10¹⁵ seconds
 * `seconds` is rounded: of two times, the one with the smaller pair is earlier,
 * but equal pairs say nothing, and {@linkcode compareDecimals} decides.
 */
export interface Instant {
  /** Whole seconds since the epoch, rounded down. */
  readonly seconds: number;
  /** Nanoseconds since that second. */
  readonly nanos: number;
}

/** Where a run of digits that begins at `at` ends. */
export function digitsEnd(text: ByteString, at: number, end: number): number {
  while (at < end) {
    const byte = text.charCodeAt(at);
    if (byte < ZERO || byte > NINE) break;
    at++;
  }
  return at;
}

/**
 * Where an unsigned decimal (`12`, `12.5`) that begins at `at` ends, or -1 if
 * none begins there. Digits must stand on both sides of a point.
 */
export function decimalEnd(text: ByteString, at: number, end: number): number {
  const point = digitsEnd(text, at, end);
  if (point === at) return -1;
  if (point === end || text.charCodeAt(point) !== DOT) return point;
  const stop = digitsEnd(text, point + 1, end);
  return stop === point + 1 ? -1 : stop;
}

/** Whether the unsigned decimal from `start` to `end` is at most `max`, exactly. */
export function isAtMost(
  text: ByteString,
  start: number,
  end: number,
  max: number,
): boolean {
  let value = 0;
  let at = start;
  for (; at < end && text.charCodeAt(at) !== DOT; at++) {
    value = value * 10 + text.charCodeAt(at) - ZERO;
    if (value > max) return false;
  }
  if (value < max) return true;
  for (at++; at < end; at++) if (text.charCodeAt(at) !== ZERO) return false;
  return true;
}

/** Reads a time, `1621464827.95` or `-3`; `undefined` if it is none. */
export function readInstant(
  text: ByteString,
  start: number,
  end: number,
): Instant | undefined {
  const negative = start < end && text.charCodeAt(start) === MINUS;
  let at = negative ? start + 1 : start;
  const first = at;
  if (decimalEnd(text, at, end) !== end) return undefined;
  while (at < end && text.charCodeAt(at) === ZERO) at++;
  const significant = at;
  let seconds = 0;
  for (; at < end && text.charCodeAt(at) !== DOT; at++) {
    seconds = seconds * 10 + text.charCodeAt(at) - ZERO;
  }
  if (at - significant > EXACT_DIGITS) {
    const rounded = Number(text.slice(first, at));
    return { seconds: negative ? -rounded : rounded, nanos: 0 };
  }
  let nanos = 0;
  const stop = Math.min(end, at + 1 + NANO_DIGITS);
  const digits = stop - at - 1;
  for (at++; at < stop; at++) nanos = nanos * 10 + text.charCodeAt(at) - ZERO;
  for (let i = Math.max(digits, 0); i < NANO_DIGITS; i++) nanos *= 10;
  if (!negative) return { seconds, nanos };
  return nanos === 0
    ? { seconds: 0 - seconds, nanos }
    : { seconds: -seconds - 1, nanos: NANOS - nanos };
}

/** The instant of a clock that tells milliseconds since the epoch. */
export function instantOfMs(ms: number): Instant {
  const seconds = Math.floor(ms / 1_000);
  const nanos = Math.round((ms - seconds * 1_000) * 1_000_000);
  return nanos < NANOS
    ? { seconds, nanos }
    : { seconds: seconds + 1, nanos: 0 };
}

/**
 * Orders two decimals, exactly: below 0 if `a` is less, 0 if they are equal in
 * value, above 0 if `a` is greater. Both must be of the form that
 * {@linkcode readInstant} reads.
 *
 * @example Digits that a double would lose
 * ```ts
 * import { compareDecimals } from "./decimal.ts";
 * import { assert } from "@std/assert";
 *
 * assert(compareDecimals("1400794645.392014450", "1400794645.392014400") > 0);
 * assert(compareDecimals("-0.0", "00") === 0);
 * ```
 */
export function compareDecimals(a: ByteString, b: ByteString): number {
  const [aSign, aWhole, aPart] = normal(a);
  const [bSign, bWhole, bPart] = normal(b);
  if (aSign !== bSign) return aSign - bSign;
  if (aWhole.length !== bWhole.length) {
    return aSign * (aWhole.length - bWhole.length);
  }
  if (aWhole !== bWhole) return aWhole < bWhole ? -aSign : aSign;
  if (aPart !== bPart) return aPart < bPart ? -aSign : aSign;
  return 0;
}

/** Sign (-1, 0, 1), whole digits and fraction digits, needless zeros gone. */
function normal(text: ByteString): [number, string, string] {
  const negative = text.charCodeAt(0) === MINUS;
  const point = text.indexOf(".");
  const stop = point < 0 ? text.length : point;
  let first = negative ? 1 : 0;
  while (first < stop && text.charCodeAt(first) === ZERO) first++;
  let last = text.length;
  if (point >= 0) { while (text.charCodeAt(last - 1) === ZERO) last--; }
  const whole = text.slice(first, stop);
  const part = point < 0 ? "" : text.slice(point + 1, last);
  const sign = whole === "" && part === "" ? 0 : negative ? -1 : 1;
  return [sign, whole, part];
}

/**
 * How far `now` is past the time `text`, in seconds: a sign always, nine
 * decimals always, never an exponent. Digits of the time beyond the ninth do
 * not count.
 *
 * @param time What {@linkcode readInstant} made of `text`.
 */
export function differenceText(
  now: Instant,
  time: Instant,
  text: ByteString,
): ByteString {
  if (Math.abs(time.seconds) >= EXACT_BELOW) return longDifference(now, text);
  let seconds = now.seconds - time.seconds;
  let nanos = now.nanos - time.nanos;
  if (nanos < 0) {
    seconds--;
    nanos += NANOS;
  }
  if (seconds >= 0) return "+" + seconds + nineDecimals(nanos);
  if (nanos === 0) return "-" + -seconds + nineDecimals(0);
  return "-" + (-seconds - 1) + nineDecimals(NANOS - nanos);
}

function nineDecimals(nanos: number): string {
  return "." + String(NANOS + nanos).slice(1);
}

/** As {@linkcode differenceText}, for times that no double can hold. */
function longDifference(now: Instant, text: ByteString): ByteString {
  const point = text.indexOf(".");
  const whole = point < 0 ? text : text.slice(0, point);
  const part = point < 0 ? "" : text.slice(point + 1, point + 1 + NANO_DIGITS);
  const time = BigInt(whole + part.padEnd(NANO_DIGITS, "0"));
  const clock = BigInt(now.seconds) * BigInt(NANOS) + BigInt(now.nanos);
  const difference = clock - time;
  const digits = String(difference < 0n ? -difference : difference)
    .padStart(NANO_DIGITS + 1, "0");
  const cut = digits.length - NANO_DIGITS;
  return (difference < 0n ? "-" : "+") + digits.slice(0, cut) + "." +
    digits.slice(cut);
}

/** Whether a field is a time difference: a sign, digits, nine decimals. */
export function isDifference(
  text: ByteString,
  start: number,
  end: number,
): boolean {
  const sign = text[start];
  return (sign === "+" || sign === "-") &&
    decimalEnd(text, start + 1, end) === end &&
    digitsEnd(text, start + 1, end) === end - NANO_DIGITS - 1;
}
