/**
 * Decimal numbers in text form, read and compared exactly.
 *
 * A double has 53 bits. `1400794645.392014450` and `1400794645.392014400` are
 * the same double, and two servers that compare doubles may keep different
 * fixes for ever. So the digits decide the order.
 *
 * @module
 */
import type { ByteBlock } from "./block.ts";
import { bytesOf, type ByteString, byteString, SPACE, ZERO } from "./bytes.ts";
import { putDecimal } from "./digits.ts";

const NINE = 9;
const DOT = 46;
const MINUS = 45;
const PLUS = 43;

/** From here on, the difference of two times may be inexact in a double. */
const EXACT_SECONDS = 1e15;
const NANO_DIGITS = 9;
const NANOS = 1_000_000_000;
const POWERS_OF_TEN = Int32Array.from(
  { length: 10 },
  (_, power) => 10 ** power,
);

/**
 * A time as two numbers: `seconds`, rounded down, and `nanos`, 0 to
 * 999,999,999, added to it. Digits beyond the ninth decimal are dropped, and
 * from 10¹⁵ seconds on `seconds` is infinite. Of two times, the one with the
 * smaller pair is earlier; if the pairs are equal, {@linkcode compareDecimals}
 * decides.
 */
export interface Instant {
  /** Whole seconds since the epoch, rounded down. */
  readonly seconds: number;
  /** Nanoseconds since that second. */
  readonly nanos: number;
}

/** Where the run of digits that begins at `at` ends. */
export function digitsEnd(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && digitOf(bytes[at]!) <= NINE) at++;
  return at;
}

/** The value of a digit; above 9 for any other byte. */
function digitOf(byte: number): number {
  return (byte - ZERO) >>> 0;
}

/**
 * Where the unsigned decimal (`12`, `12.5`) that begins at `at` ends; -1 if
 * there is none, or if it is above `max`. A point needs digits on both sides.
 */
export function decimalEnd(
  bytes: Uint8Array,
  at: number,
  end: number,
  max: number,
): number {
  const first = at;
  let whole = 0;
  for (let digit = 0; at < end; at++) {
    if ((digit = digitOf(bytes[at]!)) > NINE) break;
    if (whole <= max) whole = whole * 10 + digit;
  }
  if (at === first || whole > max) return -1;
  if (at === end || bytes[at] !== DOT) return at;
  const part = ++at;
  let nonZero = 0;
  for (let digit = 0; at < end; at++) {
    if ((digit = digitOf(bytes[at]!)) > NINE) break;
    nonZero |= digit;
  }
  return at === part || whole === max && nonZero !== 0 ? -1 : at;
}

/**
 * Where the time that begins at `at` (`1621464827.95`, `-3`) ends; -1 if there
 * is none.
 *
 * @param instant Is set to the time: one object serves all lines of a connection.
 */
export function timeEnd(
  bytes: Uint8Array,
  at: number,
  end: number,
  instant: { -readonly [K in keyof Instant]: number },
): number {
  const isNegative = at < end && bytes[at] === MINUS;
  if (isNegative) at++;
  const first = at;
  let seconds = 0;
  for (let digit = 0; at < end; at++) {
    if ((digit = digitOf(bytes[at]!)) > NINE) break;
    seconds = seconds * 10 + digit;
  }
  if (at === first) return -1;
  let nanos = 0;
  if (at < end && bytes[at] === DOT) {
    const part = ++at;
    const stop = Math.min(part + NANO_DIGITS, end);
    for (let digit = 0; at < stop; at++) {
      if ((digit = digitOf(bytes[at]!)) > NINE) break;
      nanos = Math.imul(nanos, 10) + digit;
    }
    if (at === part) return -1;
    const missing = part + NANO_DIGITS - at;
    if (missing > 0) nanos = Math.imul(nanos, POWERS_OF_TEN[missing]!);
    else at = digitsEnd(bytes, at, end);
  }
  if (seconds >= EXACT_SECONDS) {
    instant.seconds = isNegative ? -Infinity : Infinity;
    instant.nanos = 0;
  } else if (isNegative && nanos > 0) {
    instant.seconds = -seconds - 1;
    instant.nanos = NANOS - nanos;
  } else {
    instant.seconds = isNegative ? 0 - seconds : seconds;
    instant.nanos = nanos;
  }
  return at;
}

/** Reads a time that spans `start` to `end`; `undefined` if it is invalid. */
export function readInstant(
  bytes: Uint8Array,
  start: number,
  end: number,
): Instant | undefined {
  const instant = { seconds: 0, nanos: 0 };
  return timeEnd(bytes, start, end, instant) === end ? instant : undefined;
}

/** An instant from milliseconds since the epoch. */
export function instantOfMs(ms: number): Instant {
  const seconds = Math.floor(ms / 1_000);
  const nanos = Math.round((ms - seconds * 1_000) * 1_000_000);
  return nanos < NANOS
    ? { seconds, nanos }
    : { seconds: seconds + 1, nanos: 0 };
}

/**
 * Orders two decimals exactly: below 0 if `a` is less, 0 if they are equal in
 * value, above 0 if `a` is greater. Both must have the form that {@linkcode
 * readInstant} reads.
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

/** Sign (-1, 0, 1), whole and fraction digits, without outer zeros. */
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
 * Puts how far `now` is past a time at `at`, in seconds: a sign always, nine
 * decimals always, never an exponent. Digits of the time beyond the ninth do not
 * count. Returns where it ends: `DECIMAL_BYTES_MAX` further on at most, or for
 * times that no double can hold, as many more as the time has digits.
 *
 * @param time What {@linkcode timeEnd} made of it. Where that is infinite, the
 * bytes tell.
 * @param end Where the time ends in `bytes`. There is a space before it.
 */
export function putDifference(
  block: ByteBlock,
  at: number,
  now: Instant,
  time: Instant,
  bytes: Uint8Array,
  end: number,
): number {
  let seconds = now.seconds - time.seconds;
  if (!Number.isFinite(seconds)) {
    const start = bytes.lastIndexOf(SPACE, end - 1) + 1;
    const text = longDifference(now, byteString(bytes.subarray(start, end)));
    block.bytes.set(bytesOf(text), at);
    return at + text.length;
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
  const sign = isNegative ? MINUS : PLUS;
  return putDecimal(block, at, sign, Math.abs(seconds), nanos);
}

/** The difference for times that do not fit into a double. */
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

/**
 * Where the time difference that begins at `at` ends: a sign, digits, nine
 * decimals; -1 if there is none.
 */
export function differenceEnd(
  bytes: Uint8Array,
  at: number,
  end: number,
): number {
  if (at >= end || bytes[at] !== PLUS && bytes[at] !== MINUS) return -1;
  const point = digitsEnd(bytes, at + 1, end);
  if (point === at + 1 || point === end || bytes[point] !== DOT) return -1;
  const stop = digitsEnd(bytes, point + 1, end);
  return stop - point - 1 === NANO_DIGITS ? stop : -1;
}
