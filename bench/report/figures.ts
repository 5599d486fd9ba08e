/**
 * Figures as text.
 *
 * @module
 */
import type { Column, Figure, Row, Table } from "./results.ts";

/** Stands for a missing value. */
const NONE = "–";

/** A number with thousands separators and `digits` decimals. */
export function numberText(value: number, digits = 0): string {
  return value.toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** The text of a cell: `–` if nothing was measured. */
export function cellText(row: Row, { key, digits }: Column): string {
  const value = row[key];
  if (value === undefined || value === null) return NONE;
  return typeof value === "number" ? numberText(value, digits) : value;
}

/** Whether a column's cells are numbers, and so right-aligned. */
export function isNumeric({ rows }: Table, { key }: Column): boolean {
  return rows.some((row) => typeof row[key] === "number");
}

/**
 * Whether a figure reaches its target; `undefined` if it has none, or was not
 * measured.
 */
export function isMet(
  { measured, target, bound }: Figure,
): boolean | undefined {
  if (measured === null || target === null) return undefined;
  return bound === "at least" ? measured >= target : measured <= target;
}

/**
 * A figure's verdict, with the deviation as a share of the target.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const figure = {
 *   what: "p99", measured: 6, target: 5, bound: "at most", unit: "ms", digits: 0,
 * } as const;
 * assertEquals(verdictText(figure), "missed by 20 %");
 * ```
 */
export function verdictText(figure: Figure): string {
  const { measured, target } = figure;
  if (measured === null) return "not measured";
  if (target === null) return NONE;
  const apart = Math.abs(measured - target);
  const share = target === 0
    ? numberText(apart, figure.digits)
    : `${numberText(apart / target * 100)} %`;
  return `${isMet(figure) ? "met" : "missed"} by ${share}`;
}

export function valueText(figure: Figure, value: number | null): string {
  if (value === null) return NONE;
  const { unit, digits } = figure;
  return numberText(value, digits) + (unit === "" ? "" : ` ${unit}`);
}

/** A figure's target: `at most 5 ms`. */
export function targetText(figure: Figure): string {
  if (figure.target === null) return NONE;
  return `${figure.bound} ${valueText(figure, figure.target)}`;
}

/** The figures as a table: what, measured, target, verdict. */
export function figuresTable(figures: readonly Figure[]): Table {
  return {
    title: "What it must show",
    columns: [
      { key: "what", title: "figure" },
      { key: "measured", title: "measured" },
      { key: "target", title: "target" },
      { key: "verdict", title: "verdict" },
    ],
    rows: figures.map((figure) => ({
      what: figure.what,
      measured: valueText(figure, figure.measured),
      target: targetText(figure),
      verdict: verdictText(figure),
    })),
  };
}

/** What a figure is held against. */
export type Bound = Omit<Figure, "what" | "measured">;

/** A figure must be so much or less. */
export function atMost(target: number, unit: string, digits = 0): Bound {
  return { target, bound: "at most", unit, digits };
}

/** A figure must be so much or more. */
export function atLeast(target: number, unit: string, digits = 0): Bound {
  return { ...atMost(target, unit, digits), bound: "at least" };
}

/** The one in the middle, or the mean of the two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]!
    : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
