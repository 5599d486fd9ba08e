/**
 * Judges a drill that has ended: by what must always hold, and by its own
 * checks.
 *
 * @module
 */
import type { Place } from "../problem.ts";
import { type Evidence, Fixes } from "./evidence.ts";
import { type Check, type CheckOutcome, judge } from "./expression.ts";
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
      const about = during === undefined
        ? metrics
        : phases.get(during) ?? ofFault(during, measurement);
      return { ...judge(check, about), where };
    }),
  };
}

/** A part that the drill did not come to has nothing to tell. */
function ofFault(name: string, measurement: Measurement): Metrics {
  const spans = measurement.faultSpans(name);
  return spans.length === 0 ? new Map() : measurement.metrics(spans);
}
