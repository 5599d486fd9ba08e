/**
 * The safety checks by name, and their violations.
 *
 * @module
 */

import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";

/** The names of the checks that are always made, in the order of reports. */
export const SAFETY_CHECKS = [
  "no invented value",
  "no older fix over a newer",
  "monotonic reads",
  "no AT from a stranger",
  "replies in order",
  "no repair without a fault",
  "no bad line on a link",
  "one connection a link",
  "nothing missed on demand",
] as const;

/** A check that is always made. */
export type SafetyCheck = typeof SAFETY_CHECKS[number];

/** The checks that apply to a herd in such a mode. */
export function safetyChecksOf(
  mode: DisseminationMode | undefined,
): readonly SafetyCheck[] {
  return mode === "ondemand"
    ? SAFETY_CHECKS
    : SAFETY_CHECKS.filter((check) => check !== "nothing missed on demand");
}

/** A violated safety check. */
export interface Violation {
  readonly check: SafetyCheck;
  /** When it happened, in milliseconds since the drill's start. */
  readonly atMs: number;
  /** What happened, in one line. */
  readonly text: string;
}
