/**
 * Summaries of runs by their counters, to count how many of many runs behaved
 * differently, and what they reached together.
 *
 * @module
 */
import type { DrillResult } from "./result.ts";

/**
 * Each integer figure of a run, and whether it is 0, 1 or more. Two runs with
 * the same points behaved alike, as far as counters show. Figures of single
 * servers are left out: it makes no difference which server it was.
 */
export function pointsOf({ assessment, records }: DrillResult): string[] {
  const servers = [...records.keys()];
  return [...assessment.metrics].flatMap(([name, value]) => {
    if (servers.some((server) => name.includes(`.${server}.`))) return [];
    if (typeof value === "boolean") return [`${name} ${value}`];
    if (value === undefined || !Number.isInteger(value)) return [];
    return [`${name} ${value > 1 ? "several" : value}`];
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
