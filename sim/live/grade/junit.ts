/**
 * Grades in the form that build servers read: a suite for each submission, and
 * a case for each check.
 *
 * @module
 */
import { attributesOf, escaped } from "../../model/report/xml.ts";
import type { CheckGrade, Grade } from "./grade.ts";

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

/** Whether it is a failure: what earns a bonus need not be there. */
function isFailure({ findings, isBonus }: CheckGrade): boolean {
  return findings.length > 0 && !isBonus;
}

function tally(checks: readonly CheckGrade[]): Record<string, number> {
  return {
    tests: checks.length,
    failures: checks.filter(isFailure).length,
    errors: 0,
    skipped: checks.filter(({ unknown }) => unknown !== undefined).length,
  };
}

function caseText(submission: string, check: CheckGrade): string {
  const { check: name, title, points, of, unknown, findings } = check;
  const head = `    <testcase${
    attributesOf({ classname: submission, name: `${name}: ${title}` })
  }`;
  if (unknown !== undefined) {
    return `${head}><skipped${attributesOf({ message: unknown })}/></testcase>`;
  }
  if (!isFailure(check)) return `${head}/>`;
  const text = findings.map(({ expected, came, commands }) =>
    [...commands, `expected ${expected}`, `came ${came}`].join("\n")
  ).join("\n\n");
  const message = `${points} of ${of} points: expected ${
    findings[0]!.expected
  }`;
  return `${head}><failure${attributesOf({ message })}>${
    escaped(text)
  }</failure></testcase>`;
}
