/**
 * The marks beside a drill's lines: problems, and the progress of a run.
 *
 * @module
 */
import type { Given } from "../../model/web/routes.ts";

/** An error or warning about a drill's text. */
export type Problem = Given<"checkDrill">["problems"][number];

/** A step of a run. */
export type RunStep = Given<"run">["steps"][number];

/** The sign of each state. */
export const SIGNS: Readonly<Record<RunStep["state"], string>> = {
  waiting: "·",
  running: "▸",
  passed: "✓",
  failed: "✗",
  unknown: "?",
  skipped: "–",
};

/** The mark of one line. */
export interface Mark {
  /** Errors take precedence over warnings, and warnings over steps. */
  readonly kind: "error" | "warning" | RunStep["state"];
  readonly text: string;
}

/**
 * The marks of a text with so many lines; each line gets its most severe one.
 */
export function marksOf(
  lines: number,
  problems: readonly Problem[],
  steps: readonly RunStep[],
): Map<number, Mark> {
  const marks = new Map<number, Mark>();
  for (const { line, text, state, note } of steps) {
    const before = marks.get(line);
    if (before !== undefined && GRAVITY[before.kind] >= GRAVITY[state]) {
      continue;
    }
    const told = note === undefined ? text : `${text}: ${note}`;
    if (line <= lines) marks.set(line, { kind: state, text: told });
  }
  for (const isWarning of [true, false]) {
    const kind = isWarning ? "warning" : "error";
    const its = problems.filter((problem) => problem.isWarning === isWarning);
    // What is beyond the end of the text goes to its last line.
    const placeOf = ({ line }: Problem) => Math.min(Math.max(line, 1), lines);
    for (const [line, at] of Map.groupBy(its, placeOf)) {
      const texts = at.map(({ message }) => message);
      const before = marks.get(line);
      const more = before?.kind === "warning" ? [before.text] : [];
      marks.set(line, { kind, text: [...texts, ...more].join("; ") });
    }
  }
  return marks;
}

/**
 * If several steps are on one line, such as in a `repeat`, the highest counts.
 */
const GRAVITY: Readonly<Record<Mark["kind"], number>> = {
  skipped: 0,
  waiting: 1,
  passed: 2,
  unknown: 3,
  running: 4,
  failed: 5,
  warning: 6,
  error: 7,
};

/** The number of lines; an empty text has one. */
export function linesOf(text: string): number {
  return text.split("\n").length;
}

/** The offset of a line and column; at most the end of the text. */
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split("\n").slice(0, Math.max(line, 1));
  if (lines.length < line) return text.length;
  const end = lines.join("\n").length;
  const start = end - lines.at(-1)!.length;
  return Math.min(start + Math.max(column - 1, 0), end);
}

/** A run's progress in words. */
export function progressOf(steps: readonly RunStep[]): string {
  const ended = steps.filter(({ state }) =>
    state !== "waiting" && state !== "running"
  );
  const failed = steps.filter(({ state }) => state === "failed").length;
  const told = `${ended.length} of ${steps.length} steps`;
  return failed === 0 ? told : `${told}, ${failed} failed`;
}
