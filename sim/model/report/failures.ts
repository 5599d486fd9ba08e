/**
 * By what runs failed, and which of many runs failed by the same.
 *
 * @module
 */
import type { DrillResult } from "./result.ts";

/** What failed in a run, by its kind. */
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

/** Runs that failed by something in common. */
export interface FailureGroup {
  /** The checks by which no run before its first one failed. */
  readonly checks: readonly string[];
  /** The runs that failed by one of these, by their numbers. */
  readonly runs: readonly number[];
}

/**
 * Failed runs by their checks: a run begins a group if it failed by a check that
 * no run before it did, and is in each group whose checks it failed by. So the
 * first runs of all groups show each check that failed.
 *
 * @param failed In the order of their numbers; of each by what it failed.
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
