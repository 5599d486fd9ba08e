/**
 * How a check came out, with the proof.
 *
 * @module
 */
import type { Finding } from "./check.ts";
import type { Step } from "./steps.ts";

/** What is wrong, and how that is seen. */
export interface CheckFinding extends Finding {
  /** What was done, and what came, as a proof. */
  readonly steps: readonly Step[];
  /** What a student types to see it again. */
  readonly commands: readonly string[];
}

/** How a check came out. */
export interface Outcome {
  /** The share of the points that was earned. */
  readonly share: number;
  /** Why nobody can tell. */
  readonly unknown?: string;
  /** The check that makes it lost, if it fails, where it is unknown. */
  readonly lostWith?: string;
  /** Why it can't hold, whatever it would find. */
  readonly lost?: string;
  /** What is wrong. */
  readonly findings: readonly CheckFinding[];
}

/** That something was due, and something else came. */
export function failed(expected: string, came: string): Outcome {
  return {
    share: 0,
    findings: [{ expected, came, steps: [], commands: [] }],
  };
}

/** That a check can't be tried, since something else came than what was due. */
export function untried(expected: string, came: string): Outcome {
  return { ...failed(expected, came), lost: "it was not tried" };
}
