/**
 * Grades as text and as a table.
 *
 * @module
 */
import { CHECK_NAMES } from "./checks.ts";
import type { CheckGrade, Grade } from "./grade.ts";

const CAME_CHARACTERS_MAX = 600;
const INDENT = " ".repeat(11);

/** One check for its student: what was done, what was due, what came. */
export function checkText(done: CheckGrade): string {
  const { check, title, points, of, isBonus, unknown, lost, findings } = done;
  if (unknown !== undefined) return `unknown  ${check}: ${title}: ${unknown}`;
  const bonus = isBonus ? " (bonus)" : "";
  const head = `${points} of ${of}`.padEnd(9) + `${check}: ${title}${bonus}` +
    (lost === undefined ? "" : `: ${lost}`);
  const told = findings.map(({ expected, came, commands }) =>
    [
      // Those of the first finding start the herd; for others it is there.
      ...commands,
      `expected ${expected}`,
      `came     ${shortened(came.trimEnd())}`,
    ].join("\n").replaceAll(/^/gm, INDENT)
  );
  return [head, ...told].join("\n");
}

/** What a submission has earned. */
export function markText({ mark, of, hardFails, checks }: Grade): string {
  const isUnknown = checks.some(({ unknown }) => unknown !== undefined);
  const notes = [
    ...hardFails.length > 0 ? [`a hard fail, ${hardFails.join(", ")}`] : [],
    ...isUnknown ? ["what is unknown is no part of it"] : [],
  ];
  return [`mark: ${mark} of ${of}`, ...notes].join("; ");
}

function shortened(text: string): string {
  return text.length > CAME_CHARACTERS_MAX
    ? `${text.slice(0, CAME_CHARACTERS_MAX)}…`
    : text;
}

/** Grades as CSV: a row each, with the points of each check and the findings. */
export function csvOf(grades: readonly Grade[]): string {
  const rows = grades.map(({ submission, mark, of, checks, strays }) => {
    const byName = new Map(checks.map((done) => [done.check, done]));
    const points = CHECK_NAMES.map((name) => {
      const done = byName.get(name);
      return done === undefined || done.unknown ? "" : String(done.points);
    });
    const findings = [
      ...findingsOf(checks),
      ...strays === undefined ? [] : ["ports"],
    ].join(" ");
    return [submission, String(mark), String(of), ...points, findings];
  });
  return [["submission", "mark", "of", ...CHECK_NAMES, "findings"], ...rows]
    .map((row) => `${row.map(csvField).join(",")}\n`).join("");
}

/** Whether something was found; what earns a bonus need not be there. */
export function isFailure({ findings, isBonus }: CheckGrade): boolean {
  return findings.length > 0 && !isBonus;
}

export function findingsOf(checks: readonly CheckGrade[]): string[] {
  return checks.filter(isFailure).map(({ check }) => check);
}

/** Who opens it in a spreadsheet runs no formula of a submission's name. */
function csvField(text: string): string {
  const safe = /^[=+@-]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
