/**
 * Exact percentiles of samples.
 *
 * @module
 */
import { nearestRank } from "../nearest_rank.ts";
import type { Percentiles } from "./batch.ts";

/** The percentiles of some samples; `null`: there are none. */
export function percentilesOf(samples: readonly number[]): Percentiles | null {
  if (samples.length === 0) return null;
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (percent: number) => nearestRank(sorted, percent);
  return { p50: at(50), p99: at(99), samples: sorted.length };
}
