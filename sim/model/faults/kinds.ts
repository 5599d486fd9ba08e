/**
 * The kinds of faults there are: the one list from which reports and checks know
 * them. What brings faults about can bring about no other.
 *
 * @module
 */
import { LINE_FAULTS } from "./faults.ts";

/** The kinds of faults, by what they are done to. */
export const FAULT_KINDS = [
  // Servers' processes and clocks.
  "kill",
  "crash",
  "restart",
  "pause",
  "clock_skew",
  // Links.
  "cut",
  "reset",
  "partition",
  "latency",
  "bandwidth",
  "slicer",
  "limit_data",
  "slow_close",
  "timeout",
  ...LINE_FAULTS,
  // What surrounds a herd, and a mix of all.
  "places",
  "garbage",
  "greedy",
  "nemesis",
] as const;

/** One of {@linkcode FAULT_KINDS}. */
export type FaultKind = typeof FAULT_KINDS[number];
