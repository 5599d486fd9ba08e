/**
 * The result of a drill as plain data, for programs.
 *
 * @module
 */
import type { Metrics } from "../checks/metrics.ts";
import { given } from "../given.ts";
import { describeStep } from "../steps/kinds.ts";
import {
  type DrillResult,
  passed,
  type StepResult,
  verdictOf,
} from "./result.ts";

export function resultJson(result: DrillResult): Record<string, unknown> {
  const { scenario, steps, assessment, topology, mode, seed, tookMs } = result;
  const { incidents, residual, vacuous } = result;
  const { violations, metrics, phases, checks } = assessment;
  return {
    event: "result",
    scenario: scenario.name,
    file: scenario.file,
    passed: passed(result),
    verdict: verdictOf(result),
    topology,
    ...given({ mode }),
    seed,
    tookMs,
    incidents,
    residual,
    vacuous,
    violations,
    checks: checks.map(({ check, outcome, actual, where }) => ({
      check: check.text,
      outcome,
      actual,
      ...where,
    })),
    metrics: metricsJson(metrics),
    ...phases.size > 0 && {
      phases: phasesJson(phases),
    },
    steps: steps.length,
    failed: steps.filter(({ failure }) => failure !== undefined).map(stepJson),
  };
}

/** The known metrics, without the others. */
export function metricsJson(
  metrics: Metrics,
): Record<string, number | boolean> {
  return given(Object.fromEntries(metrics));
}

/** The same for each phase. */
export function phasesJson(
  phases: ReadonlyMap<string, Metrics>,
): Record<string, Record<string, number | boolean>> {
  return Object.fromEntries(
    [...phases].map(([name, its]) => [name, metricsJson(its)]),
  );
}

/** A step's result as plain data, for programs. */
export function stepJson(result: StepResult): Record<string, unknown> {
  const { step, failure, actions: _, ...rest } = result;
  return {
    event: "step",
    kind: step.kind,
    step: describeStep(step),
    ...step.where,
    ...rest,
    ok: failure === undefined,
    ...given({ failure }),
  };
}
