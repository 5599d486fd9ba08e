/**
 * Grades in the form that build servers read: a suite for each submission, and
 * a case for each check.
 *
 * @module
 */
import { attributesOf, escaped } from "../../model/report/xml.ts";
import type { CheckGrade, Grade } from "./grade.ts";
import { isFailure } from "./texts.ts";

/** Grades as junit.xml. */
export function junitOf(grades: readonly Grade[]): string {
  const all = tally(grades.flatMap(({ checks }) => checks));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributesOf({ name: "grades", ...all })}>`,
    ...grades.flatMap(suiteLines),
    "</testsuites>\n",
  ].join("\n");
}

function suiteLines({ submission, checks }: Grade): string[] {
  return [
    `  <testsuite${attributesOf({ name: submission, ...tally(checks) })}>`,
    ...checks.map((check) => caseText(submission, check)),
    "  </testsuite>",
  ];
}

/** Why it was not done, if it was not, and is no failure. */
function skippedFor(check: CheckGrade): string | undefined {
  return check.unknown ?? (isFailure(check) ? undefined : check.lost);
}

function tally(checks: readonly CheckGrade[]): Record<string, number> {
  return {
    tests: checks.length,
    failures: checks.filter(isFailure).length,
    errors: 0,
    skipped: checks.filter((check) => skippedFor(check) !== undefined).length,
  };
}

function caseText(submission: string, check: CheckGrade): string {
  const { check: name, title, points, of, findings } = check;
  const head = `    <testcase${
    attributesOf({ classname: submission, name: `${name}: ${title}` })
  }`;
  const text = escaped(
    findings.map(({ expected, came, commands }) =>
      [...commands, `expected ${expected}`, `came ${came}`].join("\n")
    ).join("\n\n"),
  );
  const message = skippedFor(check);
  if (message !== undefined) {
    const attributes = attributesOf({ message });
    return `${head}><skipped${attributes}>${text}</skipped></testcase>`;
  }
  if (!isFailure(check)) return `${head}/>`;
  const what = `${points} of ${of} points: expected ${findings[0]!.expected}`;
  const attributes = attributesOf({ message: what });
  return `${head}><failure${attributes}>${text}</failure></testcase>`;
}
