/**
 * Tables for a terminal.
 *
 * @module
 */
import { table } from "../../model/command/table.ts";

/** Colours a text by the code of an ANSI escape. */
export type Paint = (text: string, code: number) => string;
export const BOLD = 1;

export function agoText(ms: number): string {
  return `${Math.max(0, ms / 1_000).toFixed(1)} s ago`;
}

/** A table with a header. */
export function headedTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): string {
  const bold = (cell: string, row: number) =>
    row === 0 ? paint(cell, BOLD) : cell;
  return table([head, ...rows], bold);
}
