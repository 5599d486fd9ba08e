/**
 * A clock that is wrong.
 *
 * @module
 */
import { OFFSET_MS_MAX } from "../duration.ts";
import type { Range } from "../numbers.ts";

/** How a clock differs from the true time. */
export interface Skew {
  /** Milliseconds that it was ahead at `sinceMs`; negative: behind. */
  readonly offsetMs: number;
  /** Parts per million that it is fast since then; negative: slow. */
  readonly driftPpm: number;
  /** When the skew began, by a clock that never steps. */
  readonly sinceMs: number;
}

/** How much faster or slower a clock may go, in parts per million. */
export const DRIFT_PPM_MAX = 1_000_000;

/** Ranges of a skew's numbers. */
export const SKEW_RANGES = {
  offsetMs: { min: -OFFSET_MS_MAX, max: OFFSET_MS_MAX, unit: "ms" },
  driftPpm: { min: -DRIFT_PPM_MAX, max: DRIFT_PPM_MAX },
} satisfies Record<string, Range>;

export const NO_SKEW: Skew = { offsetMs: 0, driftPpm: 0, sinceMs: 0 };

/**
 * What a clock shows at the true time `trueMs`.
 *
 * @param nowMs The time of the monotonic clock, by which drift is measured.
 *
 * @example
 * ```ts
 * import { skewedMs } from "./skew.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const skew = { offsetMs: 500, driftPpm: 1_000, sinceMs: 1_000 };
 * assertEquals(skewedMs(skew, 1_000, 1_000), 1_500);
 * assertEquals(skewedMs(skew, 2_000, 2_000), 2_501);
 * ```
 */
export function skewedMs(skew: Skew, trueMs: number, nowMs: number): number {
  const { offsetMs, driftPpm, sinceMs } = skew;
  return trueMs + offsetMs + (nowMs - sinceMs) * driftPpm / 1e6;
}
