/**
 * Results as plain text, for a terminal.
 *
 * @module
 */
import { cellText, figuresTable, isNumeric } from "./figures.ts";
import type { Results, SectionResult, Table } from "./results.ts";

/** A table with aligned columns. */
export function tableText(table: Table): string {
  const columns = table.columns.map((column) => {
    const cells = table.rows.map((row) => cellText(row, column));
    const width = Math.max(...[column.title, ...cells].map((it) => it.length));
    const pad = (text: string) =>
      isNumeric(table, column) ? text.padStart(width) : text.padEnd(width);
    return [column.title, ...cells].map(pad);
  });
  const lines = Array.from(
    { length: table.rows.length + 1 },
    (_, line) => columns.map((cells) => cells[line]!).join("  ").trimEnd(),
  );
  return [table.title, ...lines.map((line) => `  ${line}`)].join("\n");
}

export function sectionText(section: SectionResult): string {
  const took = `${section.tookSeconds.toFixed(0)} s`;
  return [
    `== ${section.name}: ${section.title} (${took})`,
    ...section.failure === undefined ? [] : [`failed: ${section.failure}`],
    ...section.skipped.map((line) => `skipped: ${line}`),
    ...section.tables.map(tableText),
    ...section.figures.length > 0
      ? [tableText(figuresTable(section.figures))]
      : [],
  ].join("\n\n") + "\n";
}

/** A line about the machine and the time. */
export function machineText({ machine, startedAt }: Results): string {
  const { cpu, cores, memoryGiB, os, deno, commit } = machine;
  return [
    `${cpu}, ${cores} cores, ${memoryGiB} GiB`,
    os,
    `Deno ${deno}`,
    ...machine.redis === undefined ? [] : [`Redis ${machine.redis}`],
    ...machine.nats === undefined ? [] : [`NATS ${machine.nats}`],
    ...commit === undefined ? [] : [`commit ${commit}`],
    startedAt,
  ].join(" · ");
}
