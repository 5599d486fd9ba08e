/**
 * What is wrong in a file that a person wrote, and where.
 *
 * @module
 */
import { visible } from "../../herd/core/bytes/visible.ts";

/** A place in a file; both numbers count from 1. */
export interface Place {
  readonly line: number;
  /** The character of that line, in UTF-16 units. */
  readonly column: number;
}

/** One fault of a file. */
export interface Problem extends Place {
  /** An error makes the file unusable, a warning does not. */
  readonly severity: "error" | "warning";
  /** The file's name, as the reader knows it. */
  readonly file: string;
  /** What is wrong, in one line. */
  readonly message: string;
  /** How it may be mended: `did you mean Powell?` */
  readonly hint?: string;
  /** The file's line that it is on. */
  readonly excerpt?: string;
}

/** A file that cannot be used. `problems` tells all that is wrong with it. */
export class InvalidFile extends Error {
  /** All that is wrong, errors and warnings. */
  readonly problems: readonly Problem[];

  /**
   * Prints the problems as its message.
   * @param problems At least one of them an error.
   */
  constructor(problems: readonly Problem[]) {
    super(printProblems(problems));
    this.name = "InvalidFile";
    this.problems = problems;
  }
}

/** Whether there is an error among the problems. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === "error");
}

/** Problems in the order of the file; of several, one file after the other. */
function sortProblems(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map(({ file }) => file))];
  return problems.toSorted((a, b) =>
    files.indexOf(a.file) - files.indexOf(b.file) ||
    a.line - b.line || a.column - b.column
  );
}

/**
 * One problem for people: `file:line:column: error: message`, and the line with
 * a caret under the place.
 *
 * @example
 * ```ts
 * import { printProblem } from "./problem.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const text = printProblem({
 *   severity: "error",
 *   file: "drill.yaml",
 *   line: 1,
 *   column: 9,
 *   message: "no server Powel",
 *   hint: "did you mean Powell?",
 *   excerpt: "- kill: Powel",
 * });
 * assertEquals(text, [
 *   "drill.yaml:1:9: error: no server Powel, did you mean Powell?",
 *   "    1 | - kill: Powel",
 *   "      |         ^",
 * ].join("\n"));
 * ```
 */
export function printProblem(problem: Problem): string {
  const { file, line, column, severity, message, hint, excerpt } = problem;
  const told = hint === undefined ? message : `${message}, ${hint}`;
  const head = visible(`${file}:${line}:${column}: ${severity}: ${told}`);
  if (excerpt === undefined) return head;
  const number = String(line).padStart(5);
  // Of a very long line, what is around the place.
  const from = Math.max(0, column - EXCERPT_CHARACTERS);
  const shown = excerpt.slice(from, from + 2 * EXCERPT_CHARACTERS);
  // Tabs stay tabs, so that the caret stands where a terminal puts the place.
  const before = visible(shown.slice(0, column - 1 - from))
    .replace(/[^\t]/g, " ");
  return `${head}\n${number} | ${visible(shown)}\n${
    " ".repeat(5)
  } | ${before}^`;
}

/** Before the place, and behind it. */
const EXCERPT_CHARACTERS = 120;

/** Nobody mends more at a time. */
const PRINTED_MAX = 20;

/**
 * The problems in the order of the file, one below the other: the first twenty,
 * and how many more there are.
 */
export function printProblems(problems: readonly Problem[]): string {
  const printed = sortProblems(problems).slice(0, PRINTED_MAX)
    .map(printProblem);
  const more = problems.length - printed.length;
  if (more > 0) printed.push(`… and ${more} more`);
  return printed.join("\n");
}
