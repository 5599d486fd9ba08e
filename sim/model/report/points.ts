/**
 * Summaries of runs by their counters, to count how many of many runs behaved
 * differently, and what they reached together.
 *
 * @module
 */
import { metricInfos } from "../checks/metric_names.ts";
import type { DrillResult } from "./result.ts";

/** The counters of any herd, and what is true of it or not. */
const COUNTERS: ReadonlySet<string> = new Set(
  [...metricInfos([])].flatMap(([name, { unit }]) =>
    unit === "count" || unit === "boolean" ? [name] : []
  ),
);

/**
 * Each counter of a run, and whether it is 0, 1 or more. Two runs with the same
 * points behaved alike, as far as counters show. Figures of single servers are
 * left out: it makes no difference which server it was. So are times and
 * shares, which are whole numbers by chance.
 */
export function pointsOf({ assessment }: DrillResult): string[] {
  return [...assessment.metrics].flatMap(([name, value]) => {
    if (value === undefined || !COUNTERS.has(name)) return [];
    return [`${name} ${Number(value) > 1 ? "several" : value}`];
  });
}

/** What a run reached of its scenario's `sometimes`. */
export function reachedBy({ assessment }: DrillResult): string[] {
  const { sometimes = [] } = assessment;
  return sometimes.filter(({ outcome }) => outcome === "ok")
    .map(({ check }) => check.text);
}

/** What no run reached of its scenario's `sometimes`. */
export function neverReached(
  { sometimes = [] }: DrillResult["scenario"],
  reached: ReadonlySet<string>,
): string[] {
  return sometimes.map(({ text }) => text).filter((it) => !reached.has(it));
}
