/**
 * Durations and rates in the form `500ms`, `1.5s`, `1000/s`.
 *
 * @module
 */
import { checkedNumber, type Range } from "./numbers.ts";

/** Milliseconds: a power of ten, and how often that. */
const UNITS: Record<string, readonly [exponent: number, times: number]> = {
  us: [-3, 1],
  ms: [0, 1],
  s: [3, 1],
  m: [3, 60],
  h: [3, 3_600],
};

/** The longest duration that timers accept, in milliseconds. */
export const DURATION_MS_MAX = 2 ** 31 - 1;

/** The range of durations, in milliseconds. */
export const DURATION_MS: Range = { max: DURATION_MS_MAX, unit: "ms" };

/** The form of a duration, for errors and help texts. */
export const DURATION_FORMS = "500ms, 1.5s, 2m, 1h, at most 596h";

/** The highest rate: many times what a machine can sustain. */
export const RATE_PER_SECOND_MAX = 1_000_000;

/** The form of a rate, for errors and help texts. */
export const RATE_FORMS = `1000/s, 30/m, at most ${RATE_PER_SECOND_MAX}/s`;

/** A duration's form, as a regular expression for editors. */
export const DURATION_PATTERN = "^\\d+(\\.\\d+)?(us|ms|s|m|h)$";

/** A rate's form, as a regular expression for editors. */
export const RATE_PATTERN = "^\\d+(\\.\\d+)?/(s|m|h)$";

/**
 * Parses a duration to milliseconds; `undefined` if it is invalid, or longer
 * than {@linkcode DURATION_MS_MAX}. A unit is required: a bare number means
 * seconds to one reader and milliseconds to another.
 *
 * @example
 * ```ts
 * import { parseDurationMs } from "./duration.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseDurationMs("1.5s"), 1_500);
 * assertEquals(parseDurationMs("1500"), undefined);
 * ```
 */
export function parseDurationMs(text: string): number | undefined {
  return durationMs(text, DURATION_MS_MAX);
}

function durationMs(text: string, maxMs: number): number | undefined {
  if (!new RegExp(DURATION_PATTERN).test(text)) return undefined;
  const [, number, unit] = /^([\d.]+)(\w+)$/.exec(text)!;
  const [exponent, times] = UNITS[unit!]!;
  // A product with 0.001 would be off, and so no figure would equal it.
  const ms = Number(`${number}e${exponent}`) * times;
  return ms <= maxMs ? ms : undefined;
}

/** How far a clock may be set, a century: no timer waits for it. */
export const OFFSET_MS_MAX = 1_000_000 * 3_600_000;

/** The form of an offset, for errors and help texts. */
export const OFFSET_FORMS = "500ms, -1h, at most 1000000h either way";

/** Parses a duration with an optional sign; `undefined` if it is invalid. */
export function parseOffsetMs(text: string): number | undefined {
  const ms = durationMs(text.replace(/^[+-]/, ""), OFFSET_MS_MAX);
  return ms !== undefined && text.startsWith("-") ? -ms : ms;
}

/**
 * Returns `ms` if a timer accepts it. A timer of more ends at once, and so does
 * one of NaN.
 *
 * @param what Name of the value, for the error.
 * @throws {RangeError} If it is not a number, below 0, or too large.
 *
 * @example
 * ```ts
 * import { checkedMs } from "./duration.ts";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(() => checkedMs(2 ** 31, "durationMs"), RangeError);
 * ```
 */
export function checkedMs(ms: number, what: string): number {
  return checkedNumber(ms, what, DURATION_MS);
}

/**
 * Parses a rate to times per second; `undefined` if it is invalid, 0, or too
 * high.
 */
export function parseRatePerSecond(text: string): number | undefined {
  if (!new RegExp(RATE_PATTERN).test(text)) return undefined;
  const [, times] = UNITS[text.slice(text.indexOf("/") + 1)]!;
  const rate = parseFloat(text) / times;
  return rate > 0 && rate <= RATE_PER_SECOND_MAX ? rate : undefined;
}

/**
 * Milliseconds as text, with about three digits: `0.4ms`, `12ms`, `1.25s`,
 * `2m5s`.
 *
 * @example
 * ```ts
 * import { formatDuration } from "./duration.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([0.41, 12.3, 1_254, 125_000].map(formatDuration), [
 *   "0.4ms",
 *   "12ms",
 *   "1.25s",
 *   "2m5s",
 * ]);
 * ```
 */
export function formatDuration(ms: number): string {
  if (ms < 1) return `${trim(ms, 1)}ms`;
  if (ms < 999.5) return `${trim(ms, 0)}ms`;
  if (ms < 59_995) return `${trim(ms / 1_000, 2)}s`;
  const seconds = Math.round(ms / 1_000);
  const rest = seconds % 60;
  return `${Math.floor(seconds / 60)}m${rest === 0 ? "" : `${rest}s`}`;
}

function trim(value: number, decimals: number): string {
  return String(Number(value.toFixed(decimals)));
}
