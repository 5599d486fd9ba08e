/**
 * Results as plain text, for a terminal.
 *
 * @module
 */
import { table as linesOf } from "../../sim/model/command/table.ts";
import { cellText, figuresTable, isNumeric } from "./figures.ts";
import type { Results, SectionResult, Table } from "./results.ts";

/** A table with aligned columns. */
export function tableText(table: Table): string {
  const { title, columns, rows } = table;
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map((column) => cellText(row, column))),
  ];
  const areRight = columns.map((column) => isNumeric(table, column));
  return `${title}\n${linesOf(cells, { areRight })}`
    .replaceAll("\n", "\n  ");
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
