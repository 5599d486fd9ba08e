/**
 * Compares a drill in two worlds, check by check: what passed in one and failed
 * in the other, and what only one of them can decide.
 *
 * @module
 */
import { count } from "../count.ts";
import { describeStep, isCheck } from "../steps/kinds.ts";
import type { WorldName } from "../world_name.ts";
import {
  type DrillResult,
  type Outcome,
  outcomeOf,
  type StepResult,
} from "./result.ts";
import { checksOf, type Figures } from "./run_record.ts";

/** The outcome of a step or a check of one run. */
export interface CheckOutcome {
  readonly check: string;
  /** The line of the scenario's file that it comes from, if any. */
  readonly line?: number;
  readonly outcome: Outcome;
  /** Why it did not pass. */
  readonly why?: string;
  /** Whether it is a step that only does something. */
  readonly isAction?: boolean;
}

/** The outcome of a drill in a world. */
export interface WorldOutcome {
  readonly world: WorldName;
  /** The outcomes of each run. */
  readonly runs: readonly (readonly CheckOutcome[])[];
  /** The metrics of a single run. */
  readonly figures?: Figures;
}

/** The number of each outcome of a check, in a world. */
export interface Tally extends Record<Outcome, number> {
  /** Why it did not pass the first time. */
  why?: string;
}

export interface ComparedCheck {
  readonly check: string;
  readonly line?: number;
  /** Its outcomes in each world. */
  readonly tallies: readonly [Tally, Tally];
  /**
   * `otherwise`: it failed in one world only; `one-sided`: only one of them can
   * decide it.
   */
  readonly came: "alike" | "otherwise" | "one-sided";
}

/** A figure in both worlds; `undefined` if unknown. */
export interface ComparedFigure {
  readonly figure: string;
  readonly values: readonly [
    number | boolean | undefined,
    number | boolean | undefined,
  ];
}

export interface Comparison {
  readonly worlds: readonly [WorldName, WorldName];
  readonly checks: readonly ComparedCheck[];
  /** All figures except those that are 0 in both. */
  readonly figures: readonly ComparedFigure[];
}

/** The outcomes of all steps and checks of a run. */
export function outcomesOf(result: DrillResult): CheckOutcome[] {
  return [
    ...result.steps.map(stepOutcome),
    ...checksOf(result).map(({ name, line, outcome, actual }) => ({
      check: name,
      ...line !== undefined && { line },
      outcome,
      ...outcome !== "ok" && { why: actual },
    })),
  ];
}

function stepOutcome(result: StepResult): CheckOutcome {
  const { step, failure, note } = result;
  const outcome = outcomeOf(result);
  const why = failure?.actual ?? note;
  return {
    check: describeStep(step),
    line: step.where.line,
    outcome,
    ...outcome !== "ok" && why !== undefined && { why },
    ...!isCheck(step) && { isAction: true },
  };
}

export function compare(one: WorldOutcome, other: WorldOutcome): Comparison {
  const [ones, others] = [tallied(one.runs), tallied(other.runs)];
  const keys = new Set([...ones.keys(), ...others.keys()]);
  const checks = [...keys].flatMap((key) => {
    const { check, line, isAction } = (ones.get(key) ?? others.get(key))!.of;
    const tallies = [ones, others]
      .map((its) => its.get(key)?.tally ?? fresh()) as [Tally, Tally];
    const came = cameOf(tallies);
    // What a step does is not compared as long as it succeeds in both.
    if (isAction && came !== "otherwise") return [];
    return [{ check, ...line !== undefined && { line }, tallies, came }];
  });
  const names = one.figures && other.figures
    ? [...new Set([...Object.keys(one.figures), ...Object.keys(other.figures)])]
    : [];
  return {
    worlds: [one.world, other.world],
    checks,
    figures: names.toSorted().map((figure): ComparedFigure => ({
      figure,
      values: [one.figures?.[figure], other.figures?.[figure]],
    })).filter(({ values }) => values.some((value) => value !== 0)),
  };
}

function fresh(): Tally {
  return { ok: 0, fail: 0, unknown: 0, skipped: 0 };
}

function tallied(
  runs: readonly (readonly CheckOutcome[])[],
): Map<string, { readonly of: CheckOutcome; readonly tally: Tally }> {
  const found = new Map<string, { of: CheckOutcome; tally: Tally }>();
  for (const of of runs.flat()) {
    const { check, line, outcome, why } = of;
    const key = `${line ?? ""}: ${check}`;
    const { tally } = found
      .getOrInsertComputed(key, () => ({ of, tally: fresh() }));
    tally[outcome]++;
    if (why !== undefined) tally.why ??= why;
  }
  return found;
}

function cameOf([one, other]: readonly [Tally, Tally]): ComparedCheck["came"] {
  const [knows, otherKnows] = [one, other].map(({ ok, fail }) => ok + fail > 0);
  if (knows !== otherKnows) return "one-sided";
  return (one.fail > 0) === (other.fail > 0) ? "alike" : "otherwise";
}

/** Whether nothing passed in one world and failed in the other. */
export function isAlike({ checks }: Comparison): boolean {
  return checks.every(({ came }) => came !== "otherwise");
}

/** Whether something failed in both worlds. */
export function failsInBoth({ checks }: Comparison): boolean {
  return checks.some(({ tallies }) => tallies.every(({ fail }) => fail > 0));
}

/** `12 checks: 10 alike, 1 otherwise, 1 that only one world can tell`. */
export function comparisonText({ checks }: Comparison): string {
  const of = (came: ComparedCheck["came"]) =>
    checks.filter((it) => it.came === came).length;
  const [otherwise, oneSided] = [of("otherwise"), of("one-sided")];
  return [
    `${count(checks.length, "check")}: ${of("alike")} alike`,
    ...otherwise > 0 ? [`${otherwise} otherwise`] : [],
    ...oneSided > 0 ? [`${oneSided} that only one world can tell`] : [],
  ].join(", ");
}

const WORDS = [
  ["ok", "passed"],
  ["fail", "failed"],
  ["unknown", "unknown"],
  ["skipped", "skipped"],
] as const;

/** `passed`, `17 passed, 3 failed`, or that it was never made. */
export function tallyText(tally: Tally): string {
  const told = WORDS.filter(([outcome]) => tally[outcome] > 0);
  const [first] = told;
  if (first === undefined) return "not made";
  if (told.length === 1 && tally[first[0]] === 1) return first[1];
  return told.map(([outcome, word]) => `${tally[outcome]} ${word}`).join(", ");
}
