/**
 * Tables for a terminal.
 *
 * @module
 */
import { table } from "../../model/command/table.ts";

/** Colours a text by the code of an ANSI escape. */
export type Paint = (text: string, code: number) => string;
const BOLD = 1;

export function agoText(ms: number): string {
  return `${Math.max(0, ms / 1_000).toFixed(1)} s ago`;
}

/** The columns of a table by their heads: the cell of each row. */
export type Columns<Row> = Readonly<Record<string, (row: Row) => string>>;

/** A table with a header. */
export function headedTable<Row>(
  rows: readonly Row[],
  columns: Columns<Row>,
  paint: Paint,
  colourOf: (row: Row, head: string) => number | undefined = () => undefined,
): string {
  const heads = Object.keys(columns);
  const cells = rows.map((row) => Object.values(columns).map((of) => of(row)));
  return table([heads, ...cells], {
    paint(cell, y, x) {
      const colour = y === 0 ? BOLD : colourOf(rows[y - 1]!, heads[x]!);
      return colour === undefined ? cell : paint(cell, colour);
    },
  });
}
