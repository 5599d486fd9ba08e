/**
 * Durations as percentiles: every value counts, to the microsecond, and the
 * maximum is not lost in a mean.
 *
 * @module
 */
import { nearestRank } from "../nearest_rank.ts";

/** The names of a latency's figures, as checks know them. */
export const LATENCY_FIGURES = ["p50", "p90", "p99", "p99.9", "max"] as const;

/**
 * Statistics of durations, in milliseconds, and how many there are: 99 of 100
 * are at most the `p99`; the `p50` is the median.
 */
export type Latency = Readonly<
  Record<"count" | typeof LATENCY_FIGURES[number], number>
>;

/**
 * How many values a percentile needs, by its name: with fewer it is just the
 * maximum. `undefined` for anything but a percentile.
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
 * Statistics of some values; `undefined` if there are none.
 *
 * @param valuesMs Milliseconds.
 * @param leastUs Lower values count as this: a microsecond by default, because
 * nothing takes no time.
 */
export function latencyOf(
  valuesMs: readonly number[],
  leastUs: 0 | 1 = 1,
): Latency | undefined {
  const count = valuesMs.length;
  if (count === 0) return undefined;
  const us = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    us[i] = Math.max(leastUs, Math.round(valuesMs[i]! * US_PER_MS));
  }
  us.sort();
  const at = (percent: number) => nearestRank(us, percent) / US_PER_MS;
  return {
    count,
    p50: at(50),
    p90: at(90),
    p99: at(99),
    "p99.9": at(99.9),
    max: us[count - 1]! / US_PER_MS,
  };
}
