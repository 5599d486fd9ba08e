/**
 * Faults that a scenario would have begin once all faults have ended.
 *
 * @module
 */
import { isFaultKind } from "../steps/faults.ts";
import { kindOf } from "../steps/kinds.ts";
import { isFaultStep } from "../steps/server_faults.ts";
import type { Step } from "./scenario.ts";

/** Whether a step would begin a fault; what takes one back may always be done. */
export function beginsFaults(step: Step): boolean {
  if (isFaultStep(step)) return !["revive", "resume"].includes(step.kind);
  if (step.kind === "places") return step.behaviour !== "none";
  if (step.kind === "random") return step.of.some(isFaultKind);
  return kindOf(step).isFault === true ||
    ["nemesis", "churn"].includes(step.kind);
}

/**
 * The steps that come after `faults_end` in any case, and would begin a fault, but
 * for those that may fail. What goes on beside it may come before it: that is seen
 * when it runs.
 */
export function lateFaults(steps: readonly Step[]): Step[] {
  const found = new Set<Step>();
  walk(steps, false, found);
  return [...found];
}

/** Whether faults have ended after these steps. */
function walk(
  steps: readonly Step[],
  hadEnded: boolean,
  found: Set<Step>,
): boolean {
  let haveEnded = hadEnded;
  for (const step of steps) {
    if (step.kind === "faults_end") haveEnded = true;
    else if (step.kind === "parallel") {
      const ends = step.branches.map((it) => walk(it, haveEnded, found));
      haveEnded ||= ends.includes(true);
    } else if (step.kind === "repeat") {
      const endsBy = walk(step.steps, haveEnded, found);
      // What was before it in the first round is after it in the second.
      if (endsBy && step.times > 1) walk(step.steps, true, found);
      haveEnded = endsBy;
    } else if (haveEnded && beginsFaults(step)) {
      if (!("mayFail" in step && step.mayFail)) found.add(step);
    }
  }
  return haveEnded;
}
