/**
 * The output of a drill for people: a line for each step as it ends, and a
 * summary.
 *
 * @module
 */
import { visible } from "../../../herd/core/bytes/visible.ts";
import { count } from "../count.ts";
import { formatDuration } from "../duration.ts";
import type { History } from "../history.ts";
import { eventsOf } from "../history_parts.ts";
import type { Died, Lost, Verdict } from "../ledger.ts";
import { describeStep, isCheck } from "../steps/kinds.ts";
import { alwaysChecks, countsOf, countsText, UNASKED_CHECK } from "./counts.ts";
import {
  type DrillResult,
  outcomeOf,
  type StepResult,
  verdictOf,
} from "./result.ts";

/** Fixes and clients that a summary lists; the others are counted. */
const NAMED_MAX = 10;

/** Colours a text by its tone, if colour is enabled. */
export type Paint = (text: string, tone: "good" | "bad" | "faint") => string;

const PLAIN: Paint = (text) => text;

/** Marks for outcomes of steps and checks, all of the same width. */
const MARKS = {
  ok: "ok     ",
  fail: "FAIL   ",
  unknown: "unknown",
  skipped: "skipped",
} as const;
const TONES = {
  ok: "good",
  fail: "bad",
  unknown: "bad",
  skipped: "faint",
} as const;

export function stepLine(result: StepResult, paint: Paint = PLAIN): string {
  const { step, depth, startedMs, tookMs, note, failure } = result;
  const elapsed = `${(startedMs / 1_000).toFixed(3)}s`.padStart(9);
  const took = formatDuration(tookMs).padStart(8);
  const outcome = outcomeOf(result);
  const indent = "  ".repeat(depth);
  const told = failure === undefined
    ? note === undefined ? "" : `: ${note}`
    : ` (line ${step.where.line})`;
  const times = paint(`${elapsed} ${took}`, "faint");
  const text = visible(`${describeStep(step)}${told}`);
  const mark = paint(MARKS[outcome], TONES[outcome]);
  return `${times}  ${mark}  ${indent}${text}`;
}

/** The summary of a finished drill. */
export function summary(result: DrillResult, paint: Paint = PLAIN): string {
  const { scenario, topology, mode, seed, steps, assessment } = result;
  const { incidents, residual, vacuous } = result;
  const { violations } = assessment;
  const failed = steps.filter(({ failure }) => failure !== undefined);
  const checks = steps.filter(({ step }) => isCheck(step));
  const outcome = {
    passed: paint("passed", "good"),
    failed: paint("FAILED", "bad"),
    unknown: paint("unknown", "bad"),
  }[verdictOf(result)];
  const head = `${visible(scenario.name)}: ${outcome}, ` +
    `${countsText(countsOf(result))}, in ${formatDuration(result.tookMs)} ` +
    `(topology ${topology}, ${mode === undefined ? "" : `mode ${mode}, `}` +
    `seed ${seed})`;
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

/** What idle links had to repair, which a fault may have caused. */
function repairLines(history: History): string[] {
  const [first, ...more] = eventsOf(history, "sync-repair");
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
  result: DrillResult,
): string[] {
  const { incidents, assessment } = result;
  const { violations, unseen, checks: compared } = assessment;
  // Several may stand in one line, and be of different kinds.
  const byPlace = Map.groupBy(checks, ({ step }) => {
    const { line, column } = step.where;
    return `${line}:${column} ${describeStep(step)}`;
  });
  const places = [...byPlace.values()].toSorted(([a], [b]) =>
    a!.step.where.line - b!.step.where.line ||
    a!.step.where.column - b!.step.where.column
  );
  const violated = new Set<string>(violations.map(({ check }) => check));
  if (incidents.length > 0) violated.add(UNASKED_CHECK);
  const skipped = new Map<string, string>(unseen);
  const always = alwaysChecks(result).filter((check) => !skipped.has(check))
    .map((check) => violated.has(check) ? `${check} (VIOLATED)` : check);
  return [
    `invariants: ${always.join(", ")}`,
    ...[...skipped].map(([check, why]) =>
      `  ${MARKS.skipped}  ${check}: ${why}`
    ),
    places.length + compared.length === 0 ? "checked: nothing" : "checked:",
    ...places.map((results) => {
      const bad = results.filter(({ failure }) => failure !== undefined).length;
      const times = results.length === 1 ? "" : ` (${results.length} times)`;
      const isMade = results.some((it) => !it.isUnknown && !it.isSkipped);
      const isUnknown = results.some((it) =>
        it.isUndecided || !isMade && it.isUnknown
      );
      const mark = bad > 0
        ? MARKS.fail
        : isUnknown
        ? MARKS.unknown
        : isMade
        ? MARKS.ok
        : MARKS.skipped;
      const { step } = results[0]!;
      const line = String(step.where.line).padEnd(4);
      return `  ${mark}  line ${line} ${describeStep(step)}${times}`;
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

/** The state of the acknowledged fixes, a line for each kind. */
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
    ? "is on no server that is up"
    : `is missing on ${lost.missingOn.join(", ")}`;
  return `${lost.client}: ${lost.line} ${where}`;
}

function diedText({ client, server, line, beforeEndMs }: Died): string {
  const when = beforeEndMs < 0
    ? "as it ended"
    : `${formatDuration(beforeEndMs)} before its end`;
  return `${client}: died with ${server}, acknowledged ${when}: ${line}`;
}
