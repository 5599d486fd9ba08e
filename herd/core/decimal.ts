/**
 * Decimal numbers as they are written: read exactly, compared exactly.
 *
 * A double has 53 bits. `1400794645.392014450` and `1400794645.392014400` are
 * the same double, and two servers that compare doubles may each keep another
 * fix for ever. So order is decided on the digits.
 *
 * @module
 */
import { type ByteString, byteString } from "./bytes.ts";
import type { ByteWriter } from "./writer.ts";

const ZERO = 48;
const NINE = 57;
const DOT = 46;
const MINUS = 45;
const PLUS = 43;

/** From here on, differences of two times could be inexact in a double. */
const EXACT_SECONDS = 1e15;
const NANO_DIGITS = 9;
const NANOS = 1_000_000_000;

/**
 * A time as two numbers: `seconds` rounded down, and `nanos` from 0 to 999,999,999
 * on top of it. Digits beyond the ninth are left out, and from 10¹⁵ seconds on
 * `seconds` is infinite. Of two times, the one with the smaller pair is earlier;
 * equal pairs say nothing, and {@linkcode compareDecimals} decides.
 */
export interface Instant {
  /** Whole seconds since the epoch, rounded down. */
  readonly seconds: number;
  /** Nanoseconds since that second. */
  readonly nanos: number;
}

/** Where a run of digits that begins at `at` ends. */
export function digitsEnd(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && isDigit(bytes[at]!)) at++;
  return at;
}

function isDigit(byte: number): boolean {
  return byte <= NINE && byte >= ZERO;
}

/**
 * Where an unsigned decimal (`12`, `12.5`) that begins at `at` ends, or -1 if
 * none begins there, or one above `max`, exactly. Digits must stand on both
 * sides of a point.
 */
export function decimalEnd(
  bytes: Uint8Array,
  at: number,
  end: number,
  max: number,
): number {
  const first = at;
  let whole = 0;
  for (; at < end && isDigit(bytes[at]!); at++) {
    if (whole <= max) whole = whole * 10 + bytes[at]! - ZERO;
  }
  if (at === first || whole > max) return -1;
  if (at === end || bytes[at] !== DOT) return at;
  const point = at++;
  let nonZero = 0;
  for (; at < end && isDigit(bytes[at]!); at++) nonZero |= bytes[at]! - ZERO;
  if (at === point + 1 || whole === max && nonZero !== 0) return -1;
  return at;
}

/** Reads a time, `1621464827.95` or `-3`; `undefined` if it is none. */
export function readInstant(
  bytes: Uint8Array,
  start: number,
  end: number,
): Instant | undefined {
  const isNegative = start < end && bytes[start] === MINUS;
  const first = isNegative ? start + 1 : start;
  let at = first;
  let seconds = 0;
  for (; at < end && isDigit(bytes[at]!); at++) {
    seconds = seconds * 10 + (bytes[at]! - ZERO);
  }
  if (at === first) return undefined;
  let nanos = 0;
  if (at < end) {
    const part = at + 1;
    if (bytes[at] !== DOT || part === end) return undefined;
    if (digitsEnd(bytes, part, end) !== end) return undefined;
    nanos = nanosOf(bytes, part, end);
  }
  if (seconds >= EXACT_SECONDS) {
    return { seconds: isNegative ? -Infinity : Infinity, nanos: 0 };
  }
  if (!isNegative) return { seconds, nanos };
  return nanos === 0
    ? { seconds: 0 - seconds, nanos }
    : { seconds: -seconds - 1, nanos: NANOS - nanos };
}

/** The first nine digits of a fraction; those that it has not are zeros. */
function nanosOf(bytes: Uint8Array, part: number, end: number): number {
  const stop = part + NANO_DIGITS;
  let nanos = 0;
  for (let at = part; at < stop; at++) {
    nanos = Math.imul(nanos, 10) + (at < end ? bytes[at]! - ZERO : 0);
  }
  return nanos;
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
 * Writes how far `now` is past the time from `start` to `end`, in seconds: a
 * sign always, nine decimals always, never an exponent. Digits of the time
 * beyond the ninth do not count.
 *
 * @param time What {@linkcode readInstant} made of it. Where that is infinite,
 * the bytes tell.
 */
export function writeDifference(
  out: ByteWriter,
  now: Instant,
  time: Instant,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  let seconds = now.seconds - time.seconds;
  if (!Number.isFinite(seconds)) {
    const text = byteString(bytes.subarray(start, end));
    return out.text(longDifference(now, text));
  }
  let nanos = now.nanos - time.nanos;
  if (nanos < 0) {
    seconds--;
    nanos += NANOS;
  }
  const isNegative = seconds < 0;
  if (isNegative && nanos > 0) {
    seconds++;
    nanos = NANOS - nanos;
  }
  out.byte(isNegative ? MINUS : PLUS);
  out.digits(Math.abs(seconds));
  out.byte(DOT);
  out.nineDigits(nanos);
}

/** The difference for times that no double can hold. */
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
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  const point = digitsEnd(bytes, start + 1, end);
  return (bytes[start] === PLUS || bytes[start] === MINUS) &&
    point > start + 1 && bytes[point] === DOT &&
    digitsEnd(bytes, point + 1, end) === end && end - point - 1 === NANO_DIGITS;
}
