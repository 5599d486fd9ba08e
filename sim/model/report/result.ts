/**
 * How a drill ended: its steps, its history, and what follows from them.
 *
 * @module
 */
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import type { Assessment } from "../checks/assess.ts";
import type { History } from "../history.ts";
import type { Verdict } from "../ledger.ts";
import type { Actions, ActionsOf } from "../scenario/actions.ts";
import type { PlacedStep, ScenarioOf } from "../scenario/scenario.ts";
import { isCheck } from "../steps/kinds.ts";

/** What was expected, and what was there instead. */
export interface Failure {
  /** What had to be. */
  readonly expected: string;
  /** What was; may have several lines. */
  readonly actual: string;
}

/** How one step ended. */
export interface StepResult {
  /** The step. */
  readonly step: PlacedStep;
  /** How deep it stands in parallel and repeat, from 0. */
  readonly depth: number;
  /** When it began, in milliseconds since the drill's start. */
  readonly startedMs: number;
  /** How long it took. */
  readonly tookMs: number;
  /** What it found, where that is worth a word. */
  readonly note?: string;
  /** Why it failed, if it did. */
  readonly failure?: Failure;
  /** Of a check: whether it found nothing to check, or can't tell. */
  readonly isUnknown?: boolean;
  /** Of an unknown check: whether there was something to check. */
  readonly isUndecided?: boolean;
  /** Of a check: whether it says nothing of such a herd; the note says why. */
  readonly isSkipped?: boolean;
  /** What became of the acknowledged fixes, if that was judged. */
  readonly verdict?: Verdict;
  /** What was done, to whom and when, if anything was. */
  readonly actions?: Actions;
}

/** How a drill ended. */
export interface DrillResult {
  /** The drill. */
  readonly scenario: ScenarioOf<PlacedStep>;
  /** The name of its topology. */
  readonly topology: string;
  /** How updates got from server to server, where that is known. */
  readonly mode?: DisseminationMode;
  /** What its random choices followed from. */
  readonly seed: number;
  /** How long it took, in milliseconds, the herd's start not counted. */
  readonly tookMs: number;
  /** Its steps, in the order in which they ended. */
  readonly steps: readonly StepResult[];
  /** All that happened, in the order of time. */
  readonly history: History;
  /** The AT lines that each server held at the end, of those that were up. */
  readonly records: ReadonlyMap<string, readonly string[]>;
  /** What was found out about it. */
  readonly assessment: Assessment;
  /** Servers that ended unasked, and why; and sockets that were left behind. */
  readonly incidents: readonly string[];
  /** Faults that no step took back: `Powell is stopped`. */
  readonly residual: readonly string[];
  /** Faults that acted on nothing, so that the drill shows nothing of them. */
  readonly vacuous: readonly string[];
}

/** What each step did, each time that it was taken. */
export function actionsOf(
  results: readonly StepResult[],
): ActionsOf<PlacedStep> {
  const byStep = Map.groupBy(results, ({ step }) => step);
  return new Map(
    [...byStep].map(([step, its]) => [step, its.map(({ actions }) => actions)]),
  );
}

/** How a drill came out. */
export type DrillVerdict = "passed" | "failed" | "unknown";

/**
 * A drill failed if a step or a check did, if something was that must never be,
 * or if a server ended unasked. If it did not, but has checked nothing, or has
 * a check that nobody can tell the outcome of, or one at its end that found
 * nothing to compare, nobody knows. A check that was skipped says nothing.
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

/** A list of none for each verdict. */
export function byVerdict<T>(): Record<DrillVerdict, T[]> {
  return { failed: [], unknown: [], passed: [] };
}

/** How several came out together, by what of them came out how. */
export function verdictOfAll(
  { failed, unknown, passed }: Record<DrillVerdict, readonly unknown[]>,
): DrillVerdict {
  if (failed.length > 0) return "failed";
  return unknown.length > 0 || passed.length === 0 ? "unknown" : "passed";
}
