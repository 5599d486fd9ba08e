/**
 * Problems in a file written by a user, and their places.
 *
 * @module
 */
import { visible } from "../../herd/core/bytes/visible.ts";

/** A place in a file; both numbers count from 1. */
export interface Place {
  readonly line: number;
  /** The character in that line, in UTF-16 units. */
  readonly column: number;
}

/** One problem in a file. */
export interface Problem extends Place {
  /** An error makes the file unusable, a warning does not. */
  readonly severity: "error" | "warning";
  /** The file's name, as the user knows it. */
  readonly file: string;
  /** What is wrong, in one line. */
  readonly message: string;
  /** How to correct it: `did you mean Powell?` */
  readonly hint?: string;
  /** The line of the file that it is in. */
  readonly excerpt?: string;
}

/** A file that cannot be used because of its `problems`. */
export class InvalidFile extends Error {
  /** All problems, errors and warnings. */
  readonly problems: readonly Problem[];

  /**
   * The message lists the problems.
   *
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

/** Problems in the order of the file; of several files, one after the other. */
function sortProblems(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map(({ file }) => file))];
  return problems.toSorted((a, b) =>
    files.indexOf(a.file) - files.indexOf(b.file) ||
    a.line - b.line || a.column - b.column
  );
}

/**
 * One problem as text: `file:line:column: error: message`, and the line with a
 * caret under the place.
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
  // Of a very long line, the part around the place.
  const from = Math.max(0, column - EXCERPT_CHARACTERS);
  const shown = excerpt.slice(from, from + 2 * EXCERPT_CHARACTERS);
  // Tabs are kept, so that the caret is aligned on a terminal.
  const before = visible(shown.slice(0, column - 1 - from))
    .replace(/[^\t]/g, " ");
  return `${head}\n${number} | ${visible(shown)}\n${
    " ".repeat(5)
  } | ${before}^`;
}

/** Characters before the place, and after it. */
const EXCERPT_CHARACTERS = 120;

/** Nobody corrects more at a time. */
const PRINTED_MAX = 20;

/**
 * The first twenty problems in the order of the file, and how many more there
 * are.
 */
export function printProblems(problems: readonly Problem[]): string {
  const printed = sortProblems(problems).slice(0, PRINTED_MAX)
    .map(printProblem);
  const more = problems.length - printed.length;
  if (more > 0) printed.push(`… and ${more} more`);
  return printed.join("\n");
}
