/**
 * How much a run did and checked, counted once for every report: the console,
 * the page, `results.json` and `junit.xml`.
 *
 * @module
 */
import { safetyChecksOf } from "../checks/violation.ts";
import { count } from "../count.ts";
import { isCheck } from "../steps/kinds.ts";
import type { DrillResult } from "./result.ts";

/** The check that fails if a server ended by itself or left sockets open. */
export const UNASKED_CHECK = "no server ends unasked";

/** What must hold in every run of a herd in such a mode. */
export function alwaysChecks({ mode }: Pick<DrillResult, "mode">): string[] {
  return [...safetyChecksOf(mode), UNASKED_CHECK];
}

/** How much a run did and checked. Nothing is counted twice. */
export interface RunCounts {
  /** Executed steps that do something. */
  readonly steps: number;
  /** Executed steps that check something, and the checks at the end. */
  readonly checks: number;
  /** Checks that must hold in every run, as far as they could be made. */
  readonly always: number;
  readonly failed: number;
  /** Number of checks that found nothing to check. */
  readonly unknown: number;
  /** Number of checks that do not apply to such a herd. */
  readonly skipped: number;
}

export function countsOf(result: DrillResult): RunCounts {
  const { steps, incidents, assessment } = result;
  const { checks, violations, unseen } = assessment;
  const checking = steps.filter(({ step }) => isCheck(step)).length;
  const violated = new Set(violations.map(({ check }) => check)).size;
  const unasked = incidents.length > 0 ? 1 : 0;
  const cameOut = (as: string) =>
    checks.filter(({ outcome }) => outcome === as).length;
  return {
    steps: steps.length - checking,
    checks: checking + checks.length,
    always: alwaysChecks(result).length - unseen.size,
    failed: steps.filter(({ failure }) => failure !== undefined).length +
      cameOut("fail") + violated + unasked,
    unknown: cameOut("unknown") +
      steps.filter(({ step, isUnknown }) => isCheck(step) && isUnknown).length,
    skipped: cameOut("skipped") + unseen.size +
      steps.filter(({ step, isSkipped }) => isCheck(step) && isSkipped).length,
  };
}

/** `5 steps, 3 checks and 9 invariants, 1 failed, 2 unknown`. */
export function countsText(
  { steps, checks, always, failed, unknown, skipped }: RunCounts,
): string {
  return [
    count(steps, "step"),
    `${count(checks, "check")} and ${count(always, "invariant")}`,
    `${failed} failed`,
    ...unknown > 0 ? [`${unknown} unknown`] : [],
    ...skipped > 0 ? [`${skipped} skipped`] : [],
  ].join(", ");
}
