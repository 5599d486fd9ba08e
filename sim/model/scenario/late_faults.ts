/**
 * Faults that a scenario begins after `faults_end`.
 *
 * @module
 */
import { isFaultKind } from "../steps/faults.ts";
import { kindOf } from "../steps/kinds.ts";
import type { Step } from "./scenario.ts";

/** Whether a step begins a fault; ending one is always allowed. */
export function beginsFaults(step: Step): boolean {
  if (step.kind === "places") return step.behaviour !== "none";
  if (step.kind === "random") return step.of.some(isFaultKind);
  const { isFault, brings } = kindOf(step);
  return isFault === true || brings !== undefined;
}

/**
 * The steps that certainly come after `faults_end` and would begin a fault,
 * except those that may fail. Steps that run in parallel may come before it:
 * that shows when they run.
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
      // What precedes it in the first round follows it in the second.
      if (endsBy && step.times > 1) walk(step.steps, true, found);
      haveEnded = endsBy;
    } else if (haveEnded && beginsFaults(step)) {
      if (!("mayFail" in step && step.mayFail)) found.add(step);
    }
  }
  return haveEnded;
}
