/**
 * Tables for a terminal.
 *
 * @module
 */
import { table } from "../../model/command/table.ts";

/** Gives a text a colour of a terminal. */
export type Paint = (text: string, code: number) => string;
export const BOLD = 1;

/** How long ago something was. */
export function agoText(ms: number): string {
  return `${Math.max(0, ms / 1_000).toFixed(1)} s ago`;
}

/** A table with a head. */
export function headedTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): string {
  const bold = (cell: string, row: number) =>
    row === 0 ? paint(cell, BOLD) : cell;
  return table([head, ...rows], bold);
}
