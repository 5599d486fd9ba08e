/**
 * Judges a drill that has ended: by what must always hold, and by its own
 * checks.
 *
 * @module
 */
import type { Place } from "../problem.ts";
import { type Evidence, Fixes } from "./evidence.ts";
import { type Check, type CheckOutcome, judge } from "./expression.ts";
import { isOfSpreading } from "./metric_names.ts";
import { Measurement, type Metrics } from "./metrics.ts";
import { checkSafety, type Violation } from "./safety.ts";

/** A check, and where it stands in its file. */
export type PlacedCheck = Check & { readonly where: Place };

/** What was found out about a drill. */
export interface Assessment {
  /** What must never be, and was. */
  readonly violations: readonly Violation[];
  /** Everything that can be said of it in a number, by name. */
  readonly metrics: Metrics;
  /** The same of each phase. */
  readonly phases: ReadonlyMap<string, Metrics>;
  /** How its checks came out. */
  readonly checks: readonly (CheckOutcome & { readonly where: Place })[];
}

/** Judges a drill by its evidence. */
export function assess(
  evidence: Evidence,
  checks: readonly PlacedCheck[],
): Assessment {
  const fixes = new Fixes();
  const measurement = new Measurement(evidence, fixes);
  const metrics = measurement.metrics();
  const phases = new Map(
    [...measurement.phases()].map(([name, span]) => [
      name,
      measurement.metrics([span]),
    ]),
  );
  return {
    violations: checkSafety(evidence, fixes),
    metrics,
    phases,
    checks: checks.map((check) => {
      const { during, where } = check;
      const why = skipReason(check, evidence);
      if (why !== undefined) {
        return { check, outcome: "skipped", actual: why, where };
      }
      const about = during === undefined
        ? metrics
        : phases.get(during) ?? ofFault(during, measurement);
      return { ...judge(check, about), where };
    }),
  };
}

/** Why a check says nothing in the mode that the herd was in, if it does not. */
function skipReason(
  { left, right }: Check,
  { mode }: Evidence,
): string | undefined {
  if (mode !== "ondemand") return undefined;
  const names = [left, right].flatMap((side) =>
    "metric" in side && isOfSpreading(side.metric) ? [side.metric] : []
  );
  if (names.length === 0) return undefined;
  return `${names.join(", ")}: in mode ondemand no update is spread`;
}

/** A part that the drill did not come to has nothing to tell. */
function ofFault(name: string, measurement: Measurement): Metrics {
  const spans = measurement.faultSpans(name);
  return spans.length === 0 ? new Map() : measurement.metrics(spans);
}
