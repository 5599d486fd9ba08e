/**
 * Exact percentiles of samples.
 *
 * @module
 */
import type { Percentiles } from "./batch.ts";

/** The percentiles of some samples; `null`: there are none. */
export function percentilesOf(samples: readonly number[]): Percentiles | null {
  if (samples.length === 0) return null;
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (part: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!;
  return { p50: at(0.5), p99: at(0.99), samples: sorted.length };
}
