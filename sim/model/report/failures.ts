/**
 * Why runs failed, and which of many runs failed for the same reason.
 *
 * @module
 */
import type { DrillResult } from "./result.ts";

/** The kinds of failures in a run. */
export function failuresOf(
  { steps, incidents, assessment }: DrillResult,
): Set<string> {
  return new Set([
    ...steps.filter(({ failure }) => failure !== undefined)
      .map(({ step }) => step.kind),
    ...incidents.map(() => "incident"),
    ...assessment.violations.map(({ check }) => check),
    ...assessment.checks.filter(({ outcome }) => outcome === "fail")
      .map(({ check }) => check.text),
  ]);
}

/** Runs with a failed check in common. */
export interface FailureGroup {
  /** The checks that failed first in the first run of this group. */
  readonly checks: readonly string[];
  /** Numbers of the runs in which one of these failed. */
  readonly runs: readonly number[];
}

/**
 * Groups failed runs by their checks: a run starts a group if a check failed in
 * it that failed in no run before it, and is in each group whose checks it
 * failed. So the first runs of all groups show each failed check.
 *
 * @param failed Failed runs by number, with their failed checks.
 */
export function groupedByCheck(
  failed: readonly {
    readonly run: number;
    readonly kinds: readonly string[];
  }[],
): FailureGroup[] {
  const groups: { checks: string[]; runs: number[] }[] = [];
  const groupOf = new Map<string, { runs: number[] }>();
  for (const { run, kinds } of failed) {
    const checks = kinds.filter((kind) => !groupOf.has(kind));
    if (checks.length > 0) {
      const group = { checks, runs: [] };
      groups.push(group);
      for (const check of checks) groupOf.set(check, group);
    }
    for (const { runs } of new Set(kinds.map((kind) => groupOf.get(kind)!))) {
      runs.push(run);
    }
  }
  return groups;
}
