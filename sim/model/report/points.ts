/**
 * What a run was like, by its counters: so that of many runs it is known how many
 * were different, and what they reached together.
 *
 * @module
 */
import type { DrillResult } from "./result.ts";

/**
 * Each figure of a run that is a whole number, and whether it is 0, 1 or more. Two
 * runs with the same points behaved alike, as far as counters tell. Those of single
 * servers are left out: which one it was is no other behaviour.
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

/** What a run reached of what its scenario has happen `sometimes`. */
export function reachedBy({ assessment }: DrillResult): string[] {
  const { sometimes = [] } = assessment;
  return sometimes.filter(({ outcome }) => outcome === "ok")
    .map(({ check }) => check.text);
}

/** What none of some runs reached of what one of them must. */
export function neverReached(
  { sometimes = [] }: DrillResult["scenario"],
  reached: ReadonlySet<string>,
): string[] {
  return sometimes.map(({ text }) => text).filter((it) => !reached.has(it));
}
