/**
 * The record of a run: all that a report says of a drill beside its history, as
 * plain data. `results.json` is this record, so its shape is an interface to
 * other programs: who changes it, counts {@linkcode RESULTS_VERSION} up.
 *
 * @module
 */
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import { safetyChecksOf } from "../checks/violation.ts";
import { count } from "../count.ts";
import { describeStep, isCheck } from "../steps/kinds.ts";
import {
  type DrillResult,
  type DrillVerdict,
  type StepResult,
  verdictOf,
} from "./result.ts";
import { metricsJson } from "./result_json.ts";
import type { ReportedPlan } from "./replay.ts";
import type { Topology } from "../topology/topology.ts";
import { countsOf, type RunCounts, UNASKED_CHECK } from "./counts.ts";

/** The version of the shape of `results.json`. */
export const RESULTS_VERSION = 2;

/** What was measured, by name; what nobody knows is left out. */
export type Figures = Readonly<Record<string, number | boolean>>;

export interface RunStep {
  /** Its number, from 1, in the order in which steps ended. */
  readonly step: number;
  /** `kill`, `expect-fix`, … */
  readonly kind: string;
  readonly text: string;
  /** The line of the scenario's file that says it. */
  readonly line: number;
  readonly column: number;
  /** How deep it stands in parallel and repeat, from 0. */
  readonly depth: number;
  /** Whether it checks something, rather than does something. */
  readonly isCheck: boolean;
  /** When it began, in milliseconds since the drill's start. */
  readonly startedMs: number;
  readonly tookMs: number;
  /** Whether it was carried out, and what it expects was there. */
  readonly ok: boolean;
  /** Of a check: whether it found nothing to check, so that nobody knows. */
  readonly isUnknown?: boolean;
  /** Of a check: whether it says nothing of such a herd; the note says why. */
  readonly isSkipped?: boolean;
  /** The client that it is about, if it is about one. */
  readonly client?: string;
  /** What it found, where that is worth a word. */
  readonly note?: string;
  /** Of a failure: what had to be. */
  readonly expected?: string;
  /** Of a failure: what was. */
  readonly actual?: string;
}

/** One check of the whole run, made at its end. */
export interface RunCheck {
  /** `always: no invented value`, or what the scenario says: `lost == 0`. */
  readonly name: string;
  /**
   * Whether it holds; `unknown`: there was nothing to compare; `skipped`: it
   * says nothing of such a herd.
   */
  readonly outcome: "ok" | "fail" | "unknown" | "skipped";
  /** The line of the scenario's file that asks for it, if one does. */
  readonly line?: number;
  /** Whether it must hold in every run, whatever the scenario says. */
  readonly isAlways?: boolean;
  readonly actual: string;
}

export interface RunRecord {
  /** What this is, for programs that are handed a file. */
  readonly format: "herd results";
  readonly version: typeof RESULTS_VERSION;
  readonly name: string;
  readonly description?: string;
  readonly file: string;
  /** When it was started: ISO 8601, UTC. */
  readonly startedAt: string;
  /** How long it took, in milliseconds, the herd's start not counted. */
  readonly tookMs: number;
  /** What its random choices followed from. */
  readonly seed: number;
  /**
   * How updates got from server to server: `flood`, `tree` or `ondemand`. Of
   * servers that were brought nobody knows.
   */
  readonly mode?: DisseminationMode;
  readonly topology: {
    /** `2014`, `ring:8`. */
    readonly name: string;
    /** The servers, in the order in which they are shown. */
    readonly servers: readonly string[];
    /** The links, each once. */
    readonly links: readonly (readonly [string, string])[];
  };
  /** How it came out; `unknown` is neither a pass nor a failure. */
  readonly verdict: DrillVerdict;
  /** How much it did and checked: what the console, the page and junit say. */
  readonly counts: RunCounts;
  /** Its steps, in the order in which they ended. */
  readonly steps: readonly RunStep[];
  /** The checks of the whole run. */
  readonly checks: readonly RunCheck[];
  /** Servers that ended unasked, and why; and sockets that were left behind. */
  readonly incidents: readonly string[];
  /** Faults that no step took back. */
  readonly residual: readonly string[];
  /** Of a run that failed: its smallest plan, where one was made. */
  readonly smallest?: ReportedPlan;
  /** What was measured: counts, shares, and times in milliseconds. */
  readonly metrics: Figures;
  /** The same of each phase. */
  readonly phases: Readonly<Record<string, Figures>>;
}

/**
 * The record of a run.
 *
 * @param result How it ended.
 * @param topology Its herd.
 * @param startedAt When it was started: ISO 8601, UTC.
 */
export function runRecord(
  result: DrillResult,
  topology: Topology,
  startedAt: string,
): RunRecord {
  const { scenario, steps, incidents, residual, seed, mode, tookMs } = result;
  const { metrics, phases } = result.assessment;
  return {
    format: "herd results",
    version: RESULTS_VERSION,
    name: scenario.name,
    ...scenario.description !== undefined &&
      { description: scenario.description },
    file: scenario.file,
    startedAt,
    tookMs,
    seed,
    ...mode !== undefined && { mode },
    topology: {
      name: topology.name,
      servers: topology.servers.map(({ name }) => name),
      links: topology.links,
    },
    verdict: verdictOf(result),
    counts: countsOf(result),
    steps: steps.map(runStep),
    checks: checksOf(result),
    incidents,
    residual,
    metrics: metricsJson(metrics),
    phases: Object.fromEntries(
      [...phases].map(([name, its]) => [name, metricsJson(its)]),
    ),
  };
}

/** Violations that are told of one check; the others are counted. */
const TOLD_MAX = 20;

/** What must always hold, then what the scenario checks. */
export function checksOf(
  { assessment: { violations, unseen, checks }, incidents, mode }: DrillResult,
): RunCheck[] {
  const always = safetyChecksOf(mode).map((name): RunCheck => {
    const why = unseen.get(name);
    if (why !== undefined) {
      const skipped = { outcome: "skipped", isAlways: true } as const;
      return { name: `always: ${name}`, ...skipped, actual: why };
    }
    const found = violations.filter(({ check }) => check === name);
    const rest = found.length - TOLD_MAX;
    const told = [
      ...found.slice(0, TOLD_MAX).map(({ atMs, text }) =>
        `${(atMs / 1_000).toFixed(3)}s: ${text}`
      ),
      ...rest > 0 ? [`and ${count(rest, "more violation")}`] : [],
    ];
    return {
      name: `always: ${name}`,
      outcome: found.length === 0 ? "ok" : "fail",
      isAlways: true,
      actual: told.join("\n") || "no violation",
    };
  });
  return [
    ...always,
    {
      name: `always: ${UNASKED_CHECK}`,
      outcome: incidents.length === 0 ? "ok" : "fail",
      isAlways: true,
      actual: incidents.join("\n") || "none did",
    },
    ...checks.map(({ check, outcome, actual, where: { line } }) => ({
      name: check.text,
      outcome,
      line,
      actual,
    })),
  ];
}

function runStep(result: StepResult, index: number): RunStep {
  const { step, depth, startedMs, tookMs, note, failure } = result;
  const { isUnknown, isSkipped } = result;
  return {
    step: index + 1,
    kind: step.kind,
    text: describeStep(step),
    ...step.where,
    depth,
    isCheck: isCheck(step),
    startedMs,
    tookMs,
    ok: failure === undefined,
    ...isUnknown && { isUnknown },
    ...isSkipped && { isSkipped },
    ..."client" in step && { client: String(step.client) },
    ...note !== undefined && { note },
    ...failure,
  };
}

export function resultsJson(record: RunRecord): string {
  return JSON.stringify(record, null, 2) + "\n";
}
