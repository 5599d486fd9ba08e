/**
 * Grades as pages, without script: one of all, and one of each submission.
 *
 * @module
 */
import { escaped } from "../../model/report/xml.ts";
import { CHECK_NAMES, GRADE_CHECKS } from "./checks.ts";
import { diagramSvg } from "./diagram.ts";
import type { CheckGrade, Grade } from "./grade.ts";
import type { CheckFinding } from "./outcome.ts";
import { findingsOf, markText } from "./texts.ts";

const STYLE = `
:root { color-scheme: light dark; font: 0.9375rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 84rem; padding: 1.5rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.3rem 0.8rem 0.3rem 0; text-align: left; vertical-align: top; }
thead th { border-bottom: 1px solid; }
.points th { writing-mode: sideways-lr; font-weight: 400; padding: 0.5rem 0.2rem; }
.points th.name, .points th.mark { writing-mode: initial; vertical-align: bottom; }
.points td.less { color: light-dark(#b3261e, #ff8f85); font-weight: 600; }
.less h2 { color: light-dark(#b3261e, #ff8f85); }
.unknown { font-style: italic; }
h2 { font-size: 1.1rem; margin: 1.5rem 0 0.3rem; }
pre { background: light-dark(#f3f3f3, #222); overflow-x: auto; padding: 0.6rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 1rem; }
dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
svg { font-size: 12px; fill: currentColor; }
svg line { stroke: currentColor; opacity: 0.4; }
svg path { stroke: currentColor; fill: none; }
svg .who { font-weight: 600; text-anchor: middle; }
svg .note { font-style: italic; }
svg .kill { fill: light-dark(#b3261e, #ff8f85); }
`;

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
<h1>${escaped(title)}</h1>
${body}
</html>
`;
}

/**
 * The page of all.
 *
 * @param pageOf The path of a submission's page, from this one.
 */
export function indexPage(
  grades: readonly Grade[],
  pageOf: (name: string) => string,
): string {
  const names = CHECK_NAMES.filter((name) =>
    grades.some(({ checks }) => checks.some(({ check }) => check === name))
  );
  const heads = names.map((name) =>
    `<th title="${escaped(GRADE_CHECKS[name].title)}">${name}`
  );
  const rows = grades.map((grade) => {
    const { submission, mark, of, checks, hardFails } = grade;
    const path = pageOf(submission).split("/").map(encodeURIComponent)
      .join("/");
    const byName = new Map(checks.map((done) => [done.check, done]));
    const hard = hardFails.length > 0 ? " (hard fail)" : "";
    return `<tr><td><a href="${path}">${escaped(submission)}</a>` +
      `<td>${mark} of ${of}${hard}` +
      names.map((name) => pointsCell(byName.get(name))).join("");
  });
  return page(
    "Grades",
    `<div class="wide">
<table class="points">
<thead><tr><th class="name">Submission<th class="mark">Mark${heads.join("")}
<tbody>
${rows.join("\n")}
</table>
</div>
<p>A dash: it is unknown, and no part of the mark. The page of a submission says
why.`,
  );
}

function pointsCell(done: CheckGrade | undefined): string {
  if (done === undefined) return "<td>";
  if (done.unknown !== undefined) return '<td class="unknown">–';
  return `<td${isLess(done) ? ' class="less"' : ""}>${done.points}`;
}

function isLess({ points, of, isBonus }: CheckGrade): boolean {
  return points < of && !isBonus;
}

/** The page of one: what was found, with the proof, and what is well. */
export function submissionPage(grade: Grade): string {
  const { submission, checks, notes } = grade;
  const found = findingsOf(checks);
  const summary = found.length === 0
    ? "<p>Nothing was found."
    : `<p>Something was found by ${found.join(", ")}.`;
  return page(
    submission,
    [
      `<p><strong>${escaped(markText(grade))}</strong>`,
      ...notes.map((note) => `<p>${escaped(note)}`),
      summary,
      ...checks.map(checkSection),
    ].join("\n"),
  );
}

function checkSection(done: CheckGrade): string {
  const { check, title, points, of, isBonus, unknown, lost, findings } = done;
  const earned = unknown === undefined
    ? `${points} of ${of}${isBonus ? " (bonus)" : ""}`
    : "unknown";
  const head = `<h2>${check}: ${earned}</h2><p>${escaped(title)}`;
  const reason = unknown ?? lost;
  const why = reason === undefined
    ? ""
    : `<p class="unknown">${escaped(reason)}`;
  return `<section${isLess(done) ? ' class="less"' : ""}>${head}${why}\n` +
    findings.map(findingHtml).join("\n") + "</section>";
}

function findingHtml(finding: CheckFinding): string {
  const { expected, came, commands, steps } = finding;
  const again = commands.length === 0
    ? ""
    : `<pre>${escaped(commands.join("\n"))}</pre>`;
  const proof = steps.length === 0
    ? ""
    : `<div class="wide">${diagramSvg(steps)}</div>`;
  return `${again}<dl><dt>expected<dd>${escaped(expected)}` +
    `<dt>came<dd>${escaped(came.trimEnd())}</dl>${proof}`;
}
