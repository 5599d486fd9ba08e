/**
 * What a drill reports: a line for each step as it ends, and a summary.
 *
 * @module
 */
import { count, describeStep } from "./describe.ts";
import { formatDuration } from "./duration.ts";
import type { Died, Lost, Verdict } from "./ledger.ts";
import type { Scenario, Step } from "./scenario.ts";

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
  readonly step: Step;
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
  /** What became of the acknowledged fixes, if that was judged. */
  readonly verdict?: Verdict;
}

/** How a drill ended. */
export interface DrillResult {
  /** The drill. */
  readonly scenario: Scenario;
  /** The name of its topology. */
  readonly topology: string;
  /** What its random choices followed from. */
  readonly seed: number;
  /** How long it took, in milliseconds, the herd's start not counted. */
  readonly tookMs: number;
  /** Its steps, in the order in which they ended. */
  readonly steps: readonly StepResult[];
  /** Servers that ended though no step asked for it, and why. */
  readonly incidents: readonly string[];
  /** Faults that no step took back: `Powell is stopped`. */
  readonly residual: readonly string[];
  /** Faults that acted on nothing, so that the drill shows nothing of them. */
  readonly vacuous: readonly string[];
}

/** Fixes and clients that a summary names; the others are counted. */
const NAMED_MAX = 10;

const CHECKS: ReadonlySet<string> = new Set([
  "expect-fix",
  "expect-converged",
  "whatsat",
  "send",
  "churn",
]);

/** Whether a drill passed: no step failed, and no server ended unasked. */
export function passed(result: DrillResult): boolean {
  return result.incidents.length === 0 &&
    result.steps.every(({ failure }) => failure === undefined);
}

/** Gives a text the colour of its tone, where there is colour. */
export type Paint = (text: string, tone: "good" | "bad" | "faint") => string;

const PLAIN: Paint = (text) => text;

/** The line of a step that has ended. */
export function stepLine(result: StepResult, paint: Paint = PLAIN): string {
  const { step, depth, startedMs, tookMs, note, failure } = result;
  const elapsed = `${(startedMs / 1_000).toFixed(3)}s`.padStart(9);
  const took = formatDuration(tookMs).padStart(8);
  const outcome = failure === undefined
    ? paint("ok  ", "good")
    : paint("FAIL", "bad");
  const indent = "  ".repeat(depth);
  const told = failure === undefined
    ? note === undefined ? "" : `: ${note}`
    : ` (line ${step.where.line})`;
  const times = paint(`${elapsed} ${took}`, "faint");
  return `${times}  ${outcome}  ${indent}${describeStep(step)}${told}`;
}

/** The summary of a drill that has ended. */
export function summary(result: DrillResult, paint: Paint = PLAIN): string {
  const { scenario, steps, incidents, residual, vacuous, seed, topology } =
    result;
  const failed = steps.filter(({ failure }) => failure !== undefined);
  const checks = steps.filter(({ step }) => CHECKS.has(step.kind));
  const faults = failed.length + incidents.length;
  const outcome = passed(result)
    ? paint("passed", "good")
    : paint("FAILED", "bad");
  const head = `${scenario.name}: ${outcome}, ` +
    `${count(steps.length, "step")}, ${count(checks.length, "check")}, ` +
    `${faults} failed, in ${formatDuration(result.tookMs)} ` +
    `(topology ${topology}, seed ${seed})`;
  return [
    ...failed.flatMap((step) => [failureText(scenario.file, step), ""]),
    ...incidents.flatMap((text) => [`no step asked for it: ${text}`, ""]),
    ...checkedLines(checks),
    ...steps.flatMap(({ verdict }) => verdict ? verdictLines(verdict) : []),
    ...(residual.length === 0
      ? []
      : [`left standing at the end: ${residual.join(", ")}`]),
    ...(vacuous.length === 0
      ? []
      : [`acted on nothing: ${vacuous.join(", ")}`]),
    head,
  ].join("\n");
}

function checkedLines(checks: readonly StepResult[]): string[] {
  if (checks.length === 0) return ["checked: nothing"];
  const byLine = Map.groupBy(checks, ({ step }) => step.where.line);
  const lines = [...byLine].toSorted(([a], [b]) => a - b);
  return [
    "checked:",
    ...lines.map(([line, results]) => {
      const bad = results.filter(({ failure }) => failure !== undefined).length;
      const times = results.length === 1 ? "" : ` (${results.length} times)`;
      const outcome = bad === 0 ? "ok  " : "FAIL";
      const what = describeStep(results[0]!.step);
      return `  ${outcome}  line ${String(line).padEnd(4)} ${what}${times}`;
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
export function verdictLines(verdict: Verdict): string[] {
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

function diedText({ client, server, line, beforeKillMs }: Died): string {
  const when = beforeKillMs < 0
    ? "during the kill"
    : `${formatDuration(beforeKillMs)} before the kill`;
  return `${client}: died with ${server}, acknowledged ${when}: ${line}`;
}

/** A result as plain data, for programs. */
export function resultJson(result: DrillResult): Record<string, unknown> {
  const { scenario, steps, ...rest } = result;
  return {
    event: "result",
    scenario: scenario.name,
    file: scenario.file,
    passed: passed(result),
    ...rest,
    steps: steps.length,
    failed: steps.filter(({ failure }) => failure !== undefined).map(stepJson),
  };
}

/** A step's end as plain data, for programs. */
export function stepJson(result: StepResult): Record<string, unknown> {
  const { step, failure, ...rest } = result;
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
