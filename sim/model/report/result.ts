/**
 * The result of a drill: its steps, its history, and the conclusions.
 *
 * @module
 */
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import type { Assessment } from "../checks/assess.ts";
import type { CheckOutcome } from "../checks/expression.ts";
import type { History } from "../history.ts";
import type { Verdict } from "../ledger.ts";
import type { Actions, ActionsOf } from "../scenario/actions.ts";
import type { PlacedStep, ScenarioOf } from "../scenario/scenario.ts";
import { isCheck } from "../steps/kinds.ts";
import type { Rerun } from "./rerun.ts";

/** What was expected, and what happened instead. */
export interface Failure {
  /** What was expected, in words. */
  readonly expected: string;
  /** What happened; may have several lines. */
  readonly actual: string;
}

/** The result of one step. */
export interface StepResult {
  /** The step, with its place in the file. */
  readonly step: PlacedStep;
  /** Nesting depth in `parallel` and `repeat`, from 0. */
  readonly depth: number;
  /** When it began, in milliseconds since the drill's start. */
  readonly startedMs: number;
  /** Its duration in milliseconds. */
  readonly tookMs: number;
  /** What it found, if there is something to report. */
  readonly note?: string;
  /** Why it failed; absent if it did not. */
  readonly failure?: Failure;
  /** Of a check: whether it found nothing to check, or can't decide. */
  readonly isUnknown?: boolean;
  /** Of an unknown check: whether there was something to check. */
  readonly isUndecided?: boolean;
  /**
   * Of a check: whether it does not apply to such a herd; the note says why.
   */
  readonly isSkipped?: boolean;
  /** The state of the acknowledged fixes, if it was judged. */
  readonly verdict?: Verdict;
  /** What was done, to which targets and when; absent if nothing was. */
  readonly actions?: Actions;
}

/** The result of a drill. */
export interface DrillResult {
  /** The drill's plan. */
  readonly scenario: ScenarioOf<PlacedStep>;
  /** The name of its topology. */
  readonly topology: string;
  /** How updates got from server to server; absent if unknown. */
  readonly mode?: DisseminationMode;
  /** The seed of its random choices. */
  readonly seed: number;
  /** Its duration in milliseconds, without the herd's start. */
  readonly tookMs: number;
  /** Its steps, in the order in which they ended. */
  readonly steps: readonly StepResult[];
  /** All events, in order of time. */
  readonly history: History;
  /** The AT lines that each server held at the end, if it was up. */
  readonly records: ReadonlyMap<string, readonly string[]>;
  /** What its places service found, by question, where that is recorded. */
  readonly towns?: Rerun["towns"];
  /** Violations, metrics and the outcomes of its checks. */
  readonly assessment: Assessment;
  /** Servers that ended unasked, and why; and leaked sockets. */
  readonly incidents: readonly string[];
  /** Faults that were still active at the end: `Powell is stopped`. */
  readonly residual: readonly string[];
  /** Faults that affected nothing, so that the drill tested nothing of them. */
  readonly vacuous: readonly string[];
}

/** What came of a step or of a check. */
export type Outcome = CheckOutcome["outcome"];

export function outcomeOf(
  { failure, isUnknown, isSkipped }: StepResult,
): Outcome {
  if (failure !== undefined) return "fail";
  if (isUnknown) return "unknown";
  return isSkipped ? "skipped" : "ok";
}

/** What each step did, each time that it was run. */
export function actionsOf(
  results: readonly StepResult[],
): ActionsOf<PlacedStep> {
  const byStep = Map.groupBy(results, ({ step }) => step);
  return new Map(
    [...byStep].map(([step, its]) => [step, its.map(({ actions }) => actions)]),
  );
}

/** The verdict on a drill. */
export type DrillVerdict = "passed" | "failed" | "unknown";

/**
 * Failed: a step or a check failed, a safety check was violated, or a server
 * ended unasked. Otherwise unknown: nothing was checked, a check can't be
 * decided, or one at the end found nothing to compare. Skipped checks do not
 * count.
 */
export function verdictOf(result: DrillResult): DrillVerdict {
  const { incidents, steps, assessment: { violations, checks } } = result;
  const hasFailed = incidents.length > 0 || violations.length > 0 ||
    steps.some(({ failure }) => failure !== undefined) ||
    checks.some(({ outcome }) => outcome === "fail");
  if (hasFailed) return "failed";
  const compared = checks.filter(({ outcome }) => outcome !== "skipped");
  const hasChecked = compared.length > 0 ||
    steps.some(({ step, isUnknown, isSkipped }) =>
      isCheck(step) && !isUnknown && !isSkipped
    );
  const isDecided = compared.every(({ outcome }) => outcome === "ok") &&
    !steps.some(({ isUndecided }) => isUndecided);
  return hasChecked && isDecided ? "passed" : "unknown";
}

export function passed(result: DrillResult): boolean {
  return verdictOf(result) === "passed";
}

/** An empty list for each verdict. */
export function byVerdict<T>(): Record<DrillVerdict, T[]> {
  return { failed: [], unknown: [], passed: [] };
}

/** The joint verdict on several drills, given those with each verdict. */
export function verdictOfAll(
  { failed, unknown, passed }: Record<DrillVerdict, readonly unknown[]>,
): DrillVerdict {
  if (failed.length > 0) return "failed";
  return unknown.length > 0 || passed.length === 0 ? "unknown" : "passed";
}
