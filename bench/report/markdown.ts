/**
 * Results as `RESULTS.md`.
 *
 * @module
 */
import { cellText, figuresTable, isNumeric } from "./figures.ts";
import type { Plot, Results, SectionResult, Table } from "./results.ts";
import { machineText } from "./text.ts";

function tableMarkdown(table: Table): string {
  const { columns, rows } = table;
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const cell = (text: string) => text.replaceAll("|", "\\|");
  return [
    line(columns.map(({ title }) => cell(title))),
    line(columns.map((column) => isNumeric(table, column) ? "--:" : "---")),
    ...rows.map((row) =>
      line(columns.map((column) => cell(cellText(row, column))))
    ),
  ].join("\n");
}

function sectionMarkdown(section: SectionResult, plotFolder: string): string[] {
  const image = ({ title, name }: Plot) =>
    `![${title}](${plotFolder}/${name}.svg)`;
  return [
    `## ${section.title}`,
    `\`deno task bench ${section.name}\`, ${section.tookSeconds.toFixed(0)} s.`,
    ...section.failure === undefined ? [] : [`**Failed:** ${section.failure}`],
    ...section.skipped.map((line) => `**Skipped:** ${line}`),
    ...section.notes,
    ...section.plots.map(image),
    ...section.tables.flatMap((table) => [
      `**${table.title}**`,
      tableMarkdown(table),
    ]),
  ];
}

/**
 * The whole page. Links to plots point to `plotFolder`, relative to the page.
 */
export function resultsMarkdown(results: Results, plotFolder: string): string {
  const figures = results.sections.flatMap((section) => section.figures);
  return [
    "# Results",
    "Written by `deno task bench`; all figures are of one run on one machine.",
    machineText(results),
    ...results.quick ? ["A smoke run: its figures mean little."] : [],
    ...figures.length === 0
      ? []
      : ["## What it must show", tableMarkdown(figuresTable(figures))],
    ...results.sections.flatMap((it) => sectionMarkdown(it, plotFolder)),
  ].join("\n\n") + "\n";
}
