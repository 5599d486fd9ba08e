/**
 * What is wrong in a file that a person wrote, and where.
 *
 * @module
 */

/** A place in a file; both numbers count from 1. */
export interface Place {
  /** The line. */
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
}

/** A file that cannot be used. `problems` tells all that is wrong with it. */
export class InvalidFile extends Error {
  /** All that is wrong, errors and warnings. */
  readonly problems: readonly Problem[];

  /**
   * Prints the problems as its message.
   * @param problems At least one of them an error.
   * @param source The file's text, to show the lines in question.
   */
  constructor(problems: readonly Problem[], source?: string) {
    super(printProblems(problems, source));
    this.name = "InvalidFile";
    this.problems = problems;
  }
}

/** Whether there is an error among the problems. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === "error");
}

/** Problems in the order of the file. */
function sortProblems(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

/**
 * One problem for people: `file:line:column: error: message`, and if the
 * file's text is given, the line with a caret under the place.
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
 * }, "- kill: Powel");
 * assertEquals(text, [
 *   "drill.yaml:1:9: error: no server Powel, did you mean Powell?",
 *   "    1 | - kill: Powel",
 *   "      |         ^",
 * ].join("\n"));
 * ```
 */
export function printProblem(problem: Problem, source?: string): string {
  const { file, line, column, severity, message, hint } = problem;
  const told = hint === undefined ? message : `${message}, ${hint}`;
  const head = `${file}:${line}:${column}: ${severity}: ${told}`;
  const shown = source?.split(/\r\n|\r|\n/)[line - 1];
  if (shown === undefined) return head;
  const number = String(line).padStart(5);
  // Tabs stay tabs, so that the caret stands where a terminal puts the place.
  const before = shown.slice(0, column - 1).replace(/[^\t]/g, " ");
  return `${head}\n${number} | ${shown}\n${" ".repeat(5)} | ${before}^`;
}

/** Nobody mends more at a time. */
const PRINTED_MAX = 20;

/**
 * The problems in the order of the file, one below the other: the first twenty,
 * and how many more there are.
 */
export function printProblems(
  problems: readonly Problem[],
  source?: string,
): string {
  const printed = sortProblems(problems).slice(0, PRINTED_MAX)
    .map((problem) => printProblem(problem, source));
  const more = problems.length - printed.length;
  if (more > 0) printed.push(`… and ${more} more`);
  return printed.join("\n");
}
