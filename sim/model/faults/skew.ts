/**
 * A clock that is wrong.
 *
 * @module
 */
/** How a clock differs from the true time. */
export interface Skew {
  /** Milliseconds that it was ahead at `sinceMs`; negative: behind. */
  readonly offsetMs: number;
  /** Parts per million that it is fast since then; negative: slow. */
  readonly driftPpm: number;
  /** When the skew began, by a clock that never steps. */
  readonly sinceMs: number;
}

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
