/**
 * Assesses a finished drill: by the safety checks, and by its own checks.
 *
 * @module
 */
import type { Place } from "../problem.ts";
import { type Evidence, Fixes } from "./evidence.ts";
import { type Check, type CheckOutcome, judge } from "./expression.ts";
import { isOfSpreading } from "./metric_names.ts";
import { Measurement, type Metrics } from "./metrics.ts";
import { checkSafety } from "./safety.ts";
import { ALL_SIGHTS } from "../sight.ts";
import { unseenMetrics, unseenSafety } from "./sights.ts";
import type { SafetyCheck, Violation } from "./violation.ts";

/** A check, and its place in the file. */
export type PlacedCheck = Check & { readonly where: Place };

/** The assessment of a drill. */
export interface Assessment {
  /** Violations of safety checks. */
  readonly violations: readonly Violation[];
  /** Safety checks that could not be made, and why. */
  readonly unseen: ReadonlyMap<SafetyCheck, string>;
  /** All metrics, by name. */
  readonly metrics: Metrics;
  readonly phases: ReadonlyMap<string, Metrics>;
  readonly checks: readonly (CheckOutcome & { readonly where: Place })[];
  /** What one of many runs must reach, and whether this one did. */
  readonly sometimes?: readonly (CheckOutcome & { readonly where: Place })[];
}

export function assess(
  evidence: Evidence,
  checks: readonly PlacedCheck[],
  sometimes?: readonly PlacedCheck[],
): Assessment {
  const fixes = new Fixes(evidence);
  const measurement = new Measurement(evidence, fixes);
  const metrics = seenOf(measurement.metrics(), evidence);
  const phases = new Map(
    [...measurement.phases()].map(([name, spans]) => [
      name,
      seenOf(measurement.metrics(spans), evidence),
    ]),
  );
  const judged = (check: PlacedCheck) => {
    const { during, where } = check;
    const why = skipReason(check, evidence);
    if (why !== undefined) {
      return { check, outcome: "skipped" as const, actual: why, where };
    }
    const about = during === undefined
      ? metrics
      : phases.get(during) ?? ofFault(during, measurement);
    return { ...judge(check, about), where };
  };
  return {
    violations: checkSafety(evidence, fixes),
    unseen: unseenSafety(evidence),
    metrics,
    phases,
    checks: checks.map(judged),
    ...sometimes && { sometimes: sometimes.map(judged) },
  };
}

/** The metrics that could be measured with the available evidence. */
function seenOf(metrics: Metrics, evidence: Evidence): Metrics {
  const { seen } = evidence;
  if (seen === undefined) return metrics;
  const isAll = ALL_SIGHTS.every((sight) => seen.sees.has(sight));
  if (isAll && seen.cannot === undefined) return metrics;
  return new Map(
    [...metrics].filter(([name]) =>
      unseenMetrics([name], evidence) === undefined
    ),
  );
}

/** Why a check does not apply to such a herd; `undefined` if it does. */
function skipReason(
  { left, right, during = "" }: Check,
  evidence: Evidence,
): string | undefined {
  const leftOut = evidence.seen?.leftOut?.get(during);
  if (leftOut !== undefined) return `${during}: ${leftOut}`;
  const names = [left, right].flatMap((side) =>
    "metric" in side ? [side.metric] : []
  );
  const spreading = names.filter(isOfSpreading);
  return evidence.mode === "ondemand" && spreading.length > 0
    ? `${spreading.join(", ")}: in mode ondemand no update is spread`
    : unseenMetrics(names, evidence);
}

/** Metrics of a part that the drill did not reach. */
function ofFault(name: string, measurement: Measurement): Metrics {
  const spans = measurement.faultSpans(name);
  return spans.length === 0 ? new Map() : measurement.metrics(spans);
}
