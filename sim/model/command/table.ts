/**
 * Tables of plain text.
 *
 * @module
 */
import { unicodeWidth } from "@std/cli";

const GAP = "  ";

/** Adds colour to a cell that is already padded. */
export type PaintCell = (cell: string, row: number, column: number) => string;

export interface TableLook {
  readonly paint?: PaintCell;
  /** The columns whose cells are on the right, such as numbers. */
  readonly areRight?: readonly boolean[];
}

/**
 * Rows as lines, each column as wide as its widest cell.
 *
 * @example
 * ```ts
 * import { table } from "./table.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   table([["server", "links"], ["Alford", "2"]]),
 *   "server  links\nAlford  2",
 * );
 * ```
 */
export function table(
  rows: readonly (readonly string[])[],
  { paint = (cell) => cell, areRight = [] }: TableLook = {},
): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) {
      widths[i] = Math.max(widths[i] ?? 0, unicodeWidth(cell));
    }
  }
  return rows.map((row, y) =>
    row.map((cell, x) => {
      const last = x === row.length - 1;
      const padding = " ".repeat(widths[x]! - unicodeWidth(cell));
      const padded = areRight[x]
        ? padding + cell
        : last
        ? cell
        : cell + padding;
      return paint(padded, y, x);
    }).join(GAP).trimEnd()
  ).join("\n");
}
