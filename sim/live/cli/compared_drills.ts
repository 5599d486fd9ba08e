/**
 * Collects the results of drills that run in two worlds.
 *
 * @module
 */
import {
  type CheckOutcome,
  compare,
  type Comparison,
} from "../../model/report/compared.ts";
import type { Figures } from "../../model/report/run_record.ts";
import type { WorldName } from "../../model/world_name.ts";

/** A run of a drill in one of two worlds. */
export interface ComparedRun {
  readonly drill: string;
  readonly world: WorldName;
  readonly outcomes: readonly CheckOutcome[];
  readonly figures: Figures;
}

/** The comparison of each drill that was run in two worlds. */
export function comparedDrills(
  runs: readonly ComparedRun[],
): Map<string, Comparison> {
  const found = new Map<string, Comparison>();
  for (const [drill, its] of Map.groupBy(runs, ({ drill }) => drill)) {
    const worlds = Map.groupBy(its, ({ world }) => world);
    const [one, other] = [...worlds].map(([world, [first, ...more]]) => ({
      world,
      runs: [first!, ...more].map(({ outcomes }) => outcomes),
      ...more.length === 0 && { figures: first!.figures },
    }));
    if (one && other) found.set(drill, compare(one, other));
  }
  return found;
}
