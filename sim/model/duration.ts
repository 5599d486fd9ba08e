/**
 * Durations and rates as people write them: `500ms`, `1.5s`, `1000/s`.
 *
 * @module
 */
import { checkedNumber, type Range } from "./numbers.ts";

const UNIT_MS: Record<string, number> = {
  us: 0.001,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** The longest duration, in milliseconds: more is not what timers take. */
export const DURATION_MS_MAX = 2 ** 31 - 1;

/** What a duration may be, in milliseconds. */
export const DURATION_MS: Range = { max: DURATION_MS_MAX, unit: "ms" };

/** What a duration may look like, for errors and help texts. */
export const DURATION_FORMS = "500ms, 1.5s, 2m, 1h, at most 596h";

/** The highest rate: many times what a machine can keep. */
export const RATE_PER_SECOND_MAX = 1_000_000;

/** What a rate may look like, for errors and help texts. */
export const RATE_FORMS = `1000/s, 30/m, at most ${RATE_PER_SECOND_MAX}/s`;

/** A duration's form, as a regular expression for editors. */
export const DURATION_PATTERN = "^\\d+(\\.\\d+)?(us|ms|s|m|h)$";

/** A rate's form, as a regular expression for editors. */
export const RATE_PATTERN = "^\\d+(\\.\\d+)?/(s|m|h)$";

/**
 * The milliseconds of a duration; `undefined` if it is none, or longer than
 * {@linkcode DURATION_MS_MAX}. A unit is needed: a bare number means seconds to
 * one reader and milliseconds to another.
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
  const number = parseFloat(text);
  const ms = number * UNIT_MS[text.replace(/^[\d.]+/, "")]!;
  return ms <= maxMs ? ms : undefined;
}

/** How far a clock may be set: no timer waits for it, so it may be a century. */
export const OFFSET_MS_MAX = 1_000_000 * 3_600_000;

/** What an offset may look like, for errors and help texts. */
export const OFFSET_FORMS = "500ms, -1h, at most 1000000h either way";

/** A duration with a sign, of which `-` is below 0; `undefined` if it is none. */
export function parseOffsetMs(text: string): number | undefined {
  const ms = durationMs(text.replace(/^[+-]/, ""), OFFSET_MS_MAX);
  return ms !== undefined && text.startsWith("-") ? -ms : ms;
}

/**
 * The same milliseconds, if a timer takes them. A timer of more ends at once,
 * and so does one of no number.
 *
 * @param what What they are called, for the error.
 * @throws {RangeError} If they are no number, below 0, or too many.
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

/** The times per second of a rate; `undefined` if it is none, 0, or too high. */
export function parseRatePerSecond(text: string): number | undefined {
  if (!new RegExp(RATE_PATTERN).test(text)) return undefined;
  const unitMs = UNIT_MS[text.slice(text.indexOf("/") + 1)]!;
  const rate = parseFloat(text) * 1_000 / unitMs;
  return rate > 0 && rate <= RATE_PER_SECOND_MAX ? rate : undefined;
}

/**
 * Milliseconds for people, three digits or so: `0.4ms`, `12ms`, `1.25s`, `2m5s`.
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
