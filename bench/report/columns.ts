/**
 * Columns that several tables have.
 *
 * @module
 */
import type { Latency } from "../../sim/model/checks/latency.ts";
import type { Column } from "./results.ts";

/** Latencies, in milliseconds. */
export function latencyColumns(figures: readonly (keyof Latency)[]): Column[] {
  return figures.map((key) => ({
    key,
    title: `${key} ms`,
    digits: key === "max" ? 1 : 2,
  }));
}

/** How late the generator was: what is beside it is measured no better. */
export const LATE_COLUMN: Column = {
  key: "late",
  title: "generator late, p99 ms",
  digits: 2,
};
