/**
 * `index.html`: the reports of a folder, on one page without script.
 *
 * @module
 */
import { formatDuration } from "../duration.ts";
import { type Comparison, comparisonText, tallyText } from "./compared.ts";
import { countsText } from "./counts.ts";
import { escapedText as escaped } from "./html.ts";
import type { RunRecord } from "./run_record.ts";

export interface IndexedReport {
  /** The path of its folder, relative to the index. */
  readonly path: string;
  readonly record: RunRecord;
}

const STYLE = `
:root { color-scheme: light dark; font: 0.9375rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; }
div { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.3rem 1rem 0.3rem 0; text-align: left; vertical-align: top; }
th { border-bottom: 1px solid; }
td { white-space: nowrap; }
.why { white-space: pre-line; }
.failed { color: light-dark(#b3261e, #ff8f85); font-weight: 600; }
.unknown { font-style: italic; }
`;

/**
 * The page of some reports, newest run first.
 *
 * @param others Number of reports that it leaves out.
 * @param compared Drills that were run in two worlds, by their names.
 */
export function indexHtml(
  reports: readonly IndexedReport[],
  others = 0,
  compared: ReadonlyMap<string, Comparison> = new Map(),
): string {
  const rows = reports
    .toSorted((a, b) => b.record.startedAt.localeCompare(a.record.startedAt))
    .map(row);
  const more = others === 0
    ? ""
    : `<p>And ${others} that are older, or of another version.</p>\n`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Drills</title>
<style>${STYLE}</style>
<h1>Drills</h1>
<div>
<table>
<thead>
<tr><th>Verdict<th>Drill<th>Started (UTC)<th>Took<th>Seed<th>Herd<th>Counts<th>Smallest plan
<tbody>
${rows.join("\n")}
</table>
</div>
${more}${[...compared].map(comparisonHtml).join("")}</html>
`;
}

/** Tables of all checks and figures of a drill in two worlds. */
function comparisonHtml([drill, comparison]: [string, Comparison]): string {
  const { worlds, checks, figures } = comparison;
  const came = { alike: "", otherwise: "failed", "one-sided": "unknown" };
  const rows = checks.map(({ check, line, tallies, came: how }) => {
    const why = tallies.flatMap(({ why }) => why === undefined ? [] : [why]);
    return `<tr class="${came[how]}">` +
      [String(line ?? ""), check, ...tallies.map(tallyText)]
        .map((cell) => `<td>${escaped(cell)}`).join("") +
      `<td class="why">${escaped([...new Set(why)].join("; "))}`;
  });
  const values = figures.map(({ figure, values }) =>
    `<tr><td>${escaped(figure)}` +
    values.map((value) => `<td>${value ?? "not known"}`).join("")
  );
  const heads = worlds.map((world) => `<th>${world}`).join("");
  return `<h2>${escaped(drill)} in ${worlds.join(" and ")}</h2>
<p>${escaped(comparisonText(comparison))}</p>
<div>
<table>
<thead>
<tr><th>Line<th>Check${heads}<th>Why
<tbody>
${rows.join("\n")}
</table>
</div>
${
    values.length === 0 ? "" : `<details>
<summary>Figures</summary>
<table>
<thead>
<tr><th>Figure${heads}
<tbody>
${values.join("\n")}
</table>
</details>
`
  }`;
}

function row({ path, record }: IndexedReport): string {
  const { verdict, name, startedAt, tookMs, seed, topology, mode } = record;
  const { smallest } = record;
  const address = `${path}/report.html`.split("/").map(encodeURIComponent)
    .join("/");
  const cells = [
    startedAt.slice(0, 19).replace("T", " "),
    formatDuration(tookMs),
    String(seed),
    mode === undefined ? topology.name : `${topology.name}, ${mode}`,
    countsText(record.counts),
    ...smallest === undefined ? [] : [smallest.text],
  ];
  return `<tr><td class="${verdict}">${verdict}` +
    `<td><a href="${address}">${escaped(name)}</a>` +
    cells.map((cell) => `<td>${escaped(cell)}`).join("");
}
