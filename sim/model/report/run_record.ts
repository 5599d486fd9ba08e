/**
 * The record of a run: everything in a report except the history, as plain
 * data. `results.json` is this record, so its format is an interface to other
 * programs: increment {@linkcode RESULTS_VERSION} when it changes.
 *
 * @module
 */
import { safetyChecksOf } from "../checks/violation.ts";
import { count } from "../count.ts";
import { given } from "../given.ts";
import type { Place } from "../problem.ts";
import type { PlacedStep, ScenarioOf } from "../scenario/scenario.ts";
import { describeStep, isCheck } from "../steps/kinds.ts";
import {
  type DrillResult,
  type DrillVerdict,
  type Failure,
  type Outcome,
  type StepResult,
  verdictOf,
} from "./result.ts";
import { metricsJson, phasesJson } from "./result_json.ts";
import type { ReportedPlan } from "./replay.ts";
import type { Topology } from "../topology/topology.ts";
import { countsOf, type RunCounts, UNASKED_CHECK } from "./counts.ts";

/** The version of the format of `results.json`. */
export const RESULTS_VERSION = 2;

/** Metrics by name, without unknown ones. */
export type Figures = Readonly<Record<string, number | boolean>>;

export interface RunStep
  extends
    Place,
    Partial<Failure>,
    Pick<StepResult, "depth" | "startedMs" | "tookMs" | "note">,
    Pick<StepResult, "isUnknown" | "isUndecided" | "isSkipped"> {
  /** Its number, from 1, in the order in which steps ended. */
  readonly step: number;
  /** `kill`, `expect-fix`, … */
  readonly kind: string;
  readonly text: string;
  /** Whether it checks something, rather than does something. */
  readonly isCheck: boolean;
  /** Whether it succeeded. */
  readonly ok: boolean;
  /** The client that it is about, if any. */
  readonly client?: string;
}

/** One check of the whole run, made at its end. */
export interface RunCheck {
  /** `always: no invented value`, or the scenario's text: `lost == 0`. */
  readonly name: string;
  /**
   * `unknown`: there was nothing to compare; `skipped`: it does not apply to
   * such a herd.
   */
  readonly outcome: Outcome;
  /** Its line in the scenario's file, if it has one. */
  readonly line?: number;
  /** Whether it is made in every run, whatever the scenario says. */
  readonly isAlways?: boolean;
  readonly actual: string;
}

export interface RunRecord
  extends
    Pick<ScenarioOf<PlacedStep>, "name" | "description" | "file" | "world">,
    Pick<DrillResult, "seed" | "tookMs" | "mode" | "incidents" | "residual"> {
  /** Identifies the format. */
  readonly format: "herd results";
  readonly version: typeof RESULTS_VERSION;
  /** When it was started: ISO 8601, UTC. */
  readonly startedAt: string;
  readonly topology: {
    /** `2014`, `ring:8`. */
    readonly name: string;
    /** The servers, in the order in which they are shown. */
    readonly servers: readonly string[];
    readonly links: readonly (readonly [string, string])[];
  };
  /** The verdict; `unknown` is neither a pass nor a failure. */
  readonly verdict: DrillVerdict;
  /** How much it did and checked, as the console, the page and junit say. */
  readonly counts: RunCounts;
  /** In the order in which they ended. */
  readonly steps: readonly RunStep[];
  readonly checks: readonly RunCheck[];
  /** Of a failed run: its smallest plan, if one was made. */
  readonly smallest?: ReportedPlan;
  /** Counts, shares, and times in milliseconds. */
  readonly metrics: Figures;
  /** The same for each phase. */
  readonly phases: Readonly<Record<string, Figures>>;
}

/**
 * The record of a run.
 *
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
    ...given({ description: scenario.description }),
    file: scenario.file,
    startedAt,
    tookMs,
    seed,
    ...given({ world: scenario.world, mode }),
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
    phases: phasesJson(phases),
  };
}

/** Violations that are listed for one check; the others are counted. */
const TOLD_MAX = 20;

/** The safety checks, then the scenario's own. */
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
  const { isUnknown, isUndecided, isSkipped } = result;
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
    ...isUndecided && { isUndecided },
    ...isSkipped && { isSkipped },
    ..."client" in step && { client: String(step.client) },
    ...note !== undefined && { note },
    ...failure,
  };
}

export function resultsJson(record: RunRecord): string {
  return JSON.stringify(record, null, 2) + "\n";
}
