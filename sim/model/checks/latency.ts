/**
 * How long things took, in percentiles: every value counts, to the microsecond,
 * and the highest is not lost in a mean.
 *
 * @module
 */

/** How long something took, in milliseconds. */
export interface Latency {
  readonly count: number;
  /** Half of the values are at most this. */
  readonly p50: number;
  /** Of ten values nine are at most this. */
  readonly p90: number;
  /** Of a hundred all but one. */
  readonly p99: number;
  /** Of a thousand all but one. */
  readonly "p99.9": number;
  readonly max: number;
}

/** The names of a latency's figures, as checks know them. */
export const LATENCY_FIGURES = ["p50", "p90", "p99", "p99.9", "max"] as const;

/**
 * How many values a percentile needs, by its name: of fewer it is their highest,
 * whatever its name says. `undefined` of what is no percentile.
 *
 * @example
 * ```ts
 * import { samplesNeeded } from "./latency.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["p90", "p99.9", "max"].map(samplesNeeded), [10, 1_000, undefined]);
 * ```
 */
export function samplesNeeded(figure: string): number | undefined {
  const percent = /^p(\d+(?:\.\d+)?)$/.exec(figure)?.[1];
  if (percent === undefined) return undefined;
  return Math.round(100 / (100 - Number(percent)));
}

const US_PER_MS = 1_000;
/**
 * Sums values up; `undefined` if there is none.
 * @param valuesMs Milliseconds.
 * @param leastUs What a value counts as that is less: a microsecond by default,
 * for nothing happens in no time.
 */
export function latencyOf(
  valuesMs: Iterable<number>,
  leastUs: 0 | 1 = 1,
): Latency | undefined {
  const us = Float64Array.from(
    valuesMs,
    (ms) => Math.max(leastUs, Math.round(ms * US_PER_MS)),
  ).sort();
  const count = us.length;
  if (count === 0) return undefined;
  const at = (percent: number) =>
    us[Math.max(1, Math.round(percent / 100 * count)) - 1]! / US_PER_MS;
  return {
    count,
    p50: at(50),
    p90: at(90),
    p99: at(99),
    "p99.9": at(99.9),
    max: us[count - 1]! / US_PER_MS,
  };
}
