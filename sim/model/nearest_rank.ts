/**
 * Percentiles by nearest rank: the least value that so many percent of the
 * values do not exceed. Each is one of the values.
 *
 * @module
 */

/** Products such as 99.9 × 1,000 are off by less than this share. */
const OFF = 1e-12;

/**
 * A percentile of values that are sorted, of which there is at least one.
 *
 * @example
 * ```ts
 * import { nearestRank } from "./nearest_rank.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([50, 90, 99].map((it) => nearestRank([1, 2, 3], it)), [2, 3, 3]);
 * ```
 */
export function nearestRank(
  sorted: { readonly length: number; readonly [at: number]: number },
  percent: number,
): number {
  const rank = Math.ceil(percent * sorted.length / 100 * (1 - OFF));
  return sorted[Math.max(1, rank) - 1]!;
}
