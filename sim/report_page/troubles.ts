/**
 * What kept a run from passing: the failures, or what is unknown.
 *
 * @module
 */
import type { RunRecord } from "../model/report/run_record.ts";

/** A step or a check that did not pass. */
export interface Trouble {
  readonly title: string;
  /** In words, such as `drill.yaml:7`. */
  readonly where: string;
  /** When it began, in milliseconds since the start, if it is a step. */
  readonly startedMs?: number;
  readonly expected?: string | undefined;
  readonly actual?: string | undefined;
}

/** All that did not pass; or of an unknown run, that nothing was checked. */
export function troublesOf(
  { file, steps, checks, counts, verdict }: RunRecord,
): Trouble[] {
  const open = steps.filter(({ isUnknown, isUndecided }) =>
    isUndecided || isUnknown && verdict === "unknown"
  );
  const troubles = [
    ...steps.filter((step) => !step.ok || open.includes(step)).map((step) => ({
      title: step.text,
      where: `${step.ok ? "unknown, " : ""}${file}:${step.line}`,
      startedMs: step.startedMs,
      expected: step.expected,
      actual: step.ok ? step.note : step.actual,
    })),
    ...checks.filter(({ outcome }) =>
      outcome === "fail" || outcome === "unknown"
    ).map(({ name, outcome, line, actual }) => ({
      title: name,
      where: (outcome === "unknown" ? "unknown, " : "") +
        (line === undefined ? "check of the run" : `${file}:${line}`),
      actual,
    })),
  ];
  if (troubles.length > 0 || verdict !== "unknown") return troubles;
  const where = counts.checks === 0
    ? "no step and no check says what must hold"
    : "all that says what must hold was skipped";
  return [{ title: "Nothing was checked", where }];
}
