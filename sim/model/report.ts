/**
 * What a drill reports: a line for each step as it ends, and a summary.
 *
 * @module
 */
import type { DisseminationMode } from "../../herd/core/dissemination/dissemination.ts";
import { visible } from "../../herd/core/bytes/visible.ts";
import { count } from "./count.ts";
import { describeStep } from "./steps/kinds.ts";
import { formatDuration } from "./duration.ts";
import { type History, repairsOf } from "./history.ts";
import type { Assessment } from "./checks/assess.ts";
import type { Metrics } from "./checks/metrics.ts";
import {
  ALWAYS_CHECKS,
  countsOf,
  countsText,
  isCheck,
  UNASKED_CHECK,
} from "./report/counts.ts";
import type { Died, Lost, Verdict } from "./ledger.ts";
import type { Deeds, DeedsOf } from "./scenario/deeds.ts";
import type { PlacedStep, ScenarioOf } from "./scenario/scenario.ts";

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
  /** What became of the acknowledged fixes, if that was judged. */
  readonly verdict?: Verdict;
  /** What was done, to whom and when, if anything was. */
  readonly deeds?: Deeds;
}

/** How a drill ended. */
export interface DrillResult {
  /** The drill. */
  readonly scenario: ScenarioOf<PlacedStep>;
  /** The name of its topology. */
  readonly topology: string;
  /** How updates got from server to server. */
  readonly mode: DisseminationMode;
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
export function deedsOf(results: readonly StepResult[]): DeedsOf<PlacedStep> {
  const byStep = Map.groupBy(results, ({ step }) => step);
  return new Map(
    [...byStep].map(([step, its]) => [step, its.map(({ deeds }) => deeds)]),
  );
}

/** Fixes and clients that a summary names; the others are counted. */
const NAMED_MAX = 10;

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
    steps.some(({ step, isUnknown }) => isCheck(step) && !isUnknown);
  const isDecided = compared.every(({ outcome }) => outcome === "ok") &&
    !steps.some(({ isUndecided }) => isUndecided);
  return hasChecked && isDecided ? "passed" : "unknown";
}

/** Whether a drill passed. */
export function passed(result: DrillResult): boolean {
  return verdictOf(result) === "passed";
}

/** Gives a text the colour of its tone, where there is colour. */
export type Paint = (text: string, tone: "good" | "bad" | "faint") => string;

const PLAIN: Paint = (text) => text;

/** How steps and checks came out; all are as wide. */
const MARKS = {
  ok: "ok     ",
  fail: "FAIL   ",
  unknown: "unknown",
  skipped: "skipped",
} as const;

/** The line of a step that has ended. */
export function stepLine(result: StepResult, paint: Paint = PLAIN): string {
  const { step, depth, startedMs, tookMs, note, failure, isUnknown } = result;
  const elapsed = `${(startedMs / 1_000).toFixed(3)}s`.padStart(9);
  const took = formatDuration(tookMs).padStart(8);
  const outcome = failure !== undefined
    ? paint(MARKS.fail, "bad")
    : isUnknown
    ? paint(MARKS.unknown, "bad")
    : paint(MARKS.ok, "good");
  const indent = "  ".repeat(depth);
  const told = failure === undefined
    ? note === undefined ? "" : `: ${note}`
    : ` (line ${step.where.line})`;
  const times = paint(`${elapsed} ${took}`, "faint");
  const text = visible(`${describeStep(step)}${told}`);
  return `${times}  ${outcome}  ${indent}${text}`;
}

/** The summary of a drill that has ended. */
export function summary(result: DrillResult, paint: Paint = PLAIN): string {
  const {
    scenario,
    steps,
    incidents,
    residual,
    vacuous,
    seed,
    topology,
    mode,
  } = result;
  const { violations } = result.assessment;
  const failed = steps.filter(({ failure }) => failure !== undefined);
  const checks = steps.filter(({ step }) => isCheck(step));
  const outcome = {
    passed: paint("passed", "good"),
    failed: paint("FAILED", "bad"),
    unknown: paint("unknown", "bad"),
  }[verdictOf(result)];
  const head = `${visible(scenario.name)}: ${outcome}, ` +
    `${countsText(countsOf(result))}, in ${formatDuration(result.tookMs)} ` +
    `(topology ${topology}, mode ${mode}, seed ${seed})`;
  return [
    ...failed.flatMap((step) => [failureText(scenario.file, step), ""]),
    ...incidents.flatMap((text) => [`no step asked for it: ${text}`, ""]),
    ...violations.slice(0, NAMED_MAX).flatMap(({ check, atMs, text }) => [
      `${check}: violated ${
        (atMs / 1_000).toFixed(3)
      }s after the start: ${text}`,
      "",
    ]),
    ...(violations.length > NAMED_MAX
      ? [`and ${violations.length - NAMED_MAX} violations more`, ""]
      : []),
    ...checkedLines(checks, result),
    ...steps.flatMap(({ verdict }) => verdict ? verdictLines(verdict) : []),
    ...(residual.length === 0
      ? []
      : [`left standing at the end: ${residual.join(", ")}`]),
    ...repairLines(result.history),
    ...(vacuous.length === 0
      ? []
      : [`acted on nothing: ${vacuous.join(", ")}`]),
  ].map(visible).concat(head).join("\n");
}

/** What idle links had to mend, which a fault may have been the cause of. */
function repairLines(history: History): string[] {
  const [first, ...more] = repairsOf(history);
  if (first === undefined) return [];
  const { server, peer, atMs } = first;
  const rest = more.length === 0 ? "" : `, and ${more.length} more`;
  return [
    `repaired: ${server} held something else than ${peer} ` +
    `${(atMs / 1_000).toFixed(3)}s after the start${rest}`,
  ];
}

function checkedLines(
  checks: readonly StepResult[],
  { incidents, assessment: { violations, checks: compared } }: DrillResult,
): string[] {
  const byLine = Map.groupBy(checks, ({ step }) => step.where.line);
  const lines = [...byLine].toSorted(([a], [b]) => a - b);
  const violated = new Set<string>(violations.map(({ check }) => check));
  if (incidents.length > 0) violated.add(UNASKED_CHECK);
  const always = ALWAYS_CHECKS.map((check) =>
    violated.has(check) ? `${check} (VIOLATED)` : check
  );
  return [
    `invariants: ${always.join(", ")}`,
    lines.length + compared.length === 0 ? "checked: nothing" : "checked:",
    ...lines.map(([line, results]) => {
      const bad = results.filter(({ failure }) => failure !== undefined).length;
      const times = results.length === 1 ? "" : ` (${results.length} times)`;
      const isUnknown = results.every((it) => it.isUnknown) ||
        results.some((it) => it.isUndecided);
      const mark = bad > 0 ? MARKS.fail : isUnknown ? MARKS.unknown : MARKS.ok;
      const what = describeStep(results[0]!.step);
      return `  ${mark}  line ${String(line).padEnd(4)} ${what}${times}`;
    }),
    ...compared.map(({ check, outcome, actual, where }) => {
      const line = String(where.line).padEnd(4);
      return `  ${MARKS[outcome]}  line ${line} ${check.text}: ${actual}`;
    }),
  ];
}

function failureText(file: string, { step, failure }: StepResult): string {
  const { line, column } = step.where;
  return [
    `${file}:${line}:${column}: failed: ${describeStep(step)}`,
    `  expected: ${indented(failure!.expected)}`,
    `  actual:   ${indented(failure!.actual)}`,
  ].join("\n");
}

function indented(text: string): string {
  return text.split("\n").map((line) => line.trim()).join(
    `\n${" ".repeat(12)}`,
  );
}

/** What became of the acknowledged fixes, a line for each kind. */
function verdictLines(verdict: Verdict): string[] {
  const { acknowledged, clients, died, lost } = verdict;
  return [
    `acknowledged: ${count(acknowledged, "fix", "fixes")} of ` +
    `${count(clients, "client")}; lost: ${lost.length}; ` +
    `died with their server: ${died.length}`,
    ...named(lost, lostText),
    ...named(died, diedText),
  ];
}

function named<T>(items: readonly T[], text: (item: T) => string): string[] {
  const rest = items.length - NAMED_MAX;
  return [
    ...items.slice(0, NAMED_MAX).map((item) => `  ${text(item)}`),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ];
}

/** A lost or stale fix in one line. */
export function lostText(lost: Lost): string {
  const where = lost.heldBy.length === 0
    ? "is on no server"
    : `is missing on ${lost.missingOn.join(", ")}`;
  return `${lost.client}: ${lost.line} ${where}`;
}

function diedText({ client, server, line, beforeEndMs }: Died): string {
  const when = beforeEndMs < 0
    ? "as it ended"
    : `${formatDuration(beforeEndMs)} before its end`;
  return `${client}: died with ${server}, acknowledged ${when}: ${line}`;
}

/** A result as plain data, for programs. */
export function resultJson(result: DrillResult): Record<string, unknown> {
  const { scenario, steps, history: _, records: __, assessment, ...rest } =
    result;
  const { violations, metrics, phases, checks } = assessment;
  return {
    event: "result",
    scenario: scenario.name,
    file: scenario.file,
    passed: passed(result),
    verdict: verdictOf(result),
    ...rest,
    violations,
    checks: checks.map(({ check, outcome, actual, where }) => ({
      check: check.text,
      outcome,
      actual,
      ...where,
    })),
    metrics: metricsJson(metrics),
    ...phases.size > 0 && {
      phases: Object.fromEntries(
        [...phases].map(([name, its]) => [name, metricsJson(its)]),
      ),
    },
    steps: steps.length,
    failed: steps.filter(({ failure }) => failure !== undefined).map(stepJson),
  };
}

/** What there is to tell; the others are left out. */
export function metricsJson(
  metrics: Metrics,
): Record<string, number | boolean> {
  return Object.fromEntries(
    [...metrics].flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]]
    ),
  );
}

/** A step's end as plain data, for programs. */
export function stepJson(result: StepResult): Record<string, unknown> {
  const { step, failure, deeds: _, ...rest } = result;
  return {
    event: "step",
    kind: step.kind,
    step: describeStep(step),
    ...step.where,
    ...rest,
    ok: failure === undefined,
    ...(failure === undefined ? {} : { failure }),
  };
}
