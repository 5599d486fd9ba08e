/**
 * From what to what the numbers of faults may be.
 *
 * @module
 */
import {
  DURATION_MS,
  OFFSET_MS_MAX,
  RATE_PER_SECOND_MAX,
} from "../duration.ts";
import { checkedNumber, COUNT_MAX, type Range } from "../numbers.ts";
import { BYTES_MAX } from "../topology/size.ts";

/** How much faster or slower a clock may go, in parts per million. */
export const DRIFT_PPM_MAX = 1_000_000;

/** Connections of a flood of garbage at a time. */
export const HOSTILE_CLIENTS_MAX = 5_000;

const BYTES: Range = { max: BYTES_MAX, isWhole: true, unit: "bytes" };

/** By the names that they have in the settings of any fault. */
const RANGES: Readonly<Record<string, Range>> = {
  latencyMs: DURATION_MS,
  jitterMs: DURATION_MS,
  delayMs: DURATION_MS,
  timeoutMs: DURATION_MS,
  correlation: { max: 1 },
  bytesPerSecond: { ...BYTES, min: 1 },
  averageBytes: { ...BYTES, min: 1 },
  variationBytes: BYTES,
  bytes: BYTES,
  percent: { max: 100 },
  nth: { min: 1, max: COUNT_MAX, isWhole: true },
  offsetMs: { min: -OFFSET_MS_MAX, max: OFFSET_MS_MAX, unit: "ms" },
  driftPpm: { min: -DRIFT_PPM_MAX, max: DRIFT_PPM_MAX },
  ratePerSecond: { min: Number.MIN_VALUE, max: RATE_PER_SECOND_MAX },
  clients: { min: 1, max: HOSTILE_CLIENTS_MAX, isWhole: true },
};

/**
 * Checks all numbers among a fault's settings.
 *
 * @throws {RangeError} If one is no number, or can't be.
 *
 * @example
 * ```ts
 * import { checkSettings } from "./settings.ts";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(() => checkSettings({ percent: 101 }), RangeError);
 * ```
 */
export function checkSettings(
  settings: Readonly<Record<string, unknown>>,
): void {
  for (const [name, value] of Object.entries(settings)) {
    const range = RANGES[name];
    if (range !== undefined) checkedNumber(value, name, range);
  }
}
