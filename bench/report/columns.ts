/**
 * Columns that several tables share.
 *
 * @module
 */
import type { Latency } from "../../sim/model/checks/latency.ts";
import type { Column } from "./results.ts";

/**
 * Latencies in milliseconds, and their number: of few values a high percentile
 * is just the maximum.
 */
export function latencyColumns(
  figures: readonly Exclude<keyof Latency, "count">[],
): Column[] {
  return [
    { key: "count", title: "samples" },
    ...figures.map((key) => ({
      key,
      title: `${key} ms`,
      digits: key === "max" ? 1 : 2,
    })),
  ];
}

/**
 * How late the generator was, which limits the accuracy of the other figures.
 */
export const LATE_COLUMN: Column = {
  key: "late",
  title: "generator late, p99 ms",
  digits: 2,
};
