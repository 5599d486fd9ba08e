/**
 * Grades as text and as a table.
 *
 * @module
 */
import { GRADE_CHECKS, type GradeCheckName } from "./checks.ts";
import type { CheckGrade, Grade } from "./grade.ts";

const CAME_CHARACTERS_MAX = 600;

/** One check for its student: what was done, what was due, what came. */
export function checkText(done: CheckGrade): string {
  const { check, title, points, of, skipped, finding } = done;
  if (skipped !== undefined) return `skipped  ${check}: ${title}: ${skipped}`;
  const head = `${points} of ${of}`.padEnd(9) + `${check}: ${title}`;
  if (finding === undefined) return head;
  const { expected, came, commands } = finding;
  const short = came.length > CAME_CHARACTERS_MAX
    ? `${came.slice(0, CAME_CHARACTERS_MAX)}…`
    : came;
  return [
    head,
    ...commands.map((line) => `           ${line}`),
    `           expected ${expected}`,
    `           came     ${short.trimEnd().replaceAll("\n", "\n           ")}`,
  ].join("\n");
}

/** Grades as CSV: a row each, with the points of each check and the findings. */
export function csvOf(grades: readonly Grade[]): string {
  const names = Object.keys(GRADE_CHECKS) as GradeCheckName[];
  const rows = grades.map(({ submission, mark, of, checks }) => {
    const byName = new Map(checks.map((done) => [done.check, done]));
    const points = names.map((name) => {
      const done = byName.get(name);
      return done === undefined || done.skipped ? "" : String(done.points);
    });
    const findings = checks.filter(({ finding }) => finding)
      .map(({ check }) => check).join(" ");
    return [submission, String(mark), String(of), ...points, findings];
  });
  return [["submission", "mark", "of", ...names, "findings"], ...rows]
    .map((row) => `${row.map(csvField).join(",")}\n`).join("");
}

/** Who opens it in a spreadsheet runs no formula of a submission's name. */
function csvField(text: string): string {
  const safe = /^[=+@-]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
