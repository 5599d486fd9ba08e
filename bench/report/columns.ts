/**
 * Columns that several tables have.
 *
 * @module
 */
import type { Latency } from "../../sim/model/checks/latency.ts";
import type { Column } from "./results.ts";

/**
 * Latencies, in milliseconds, and of how many they are: of few a high
 * percentile is but the highest.
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

/** How late the generator was: what is beside it is measured no better. */
export const LATE_COLUMN: Column = {
  key: "late",
  title: "generator late, p99 ms",
  digits: 2,
};
