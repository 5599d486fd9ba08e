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

interface InWorld {
  readonly runs: (readonly CheckOutcome[])[];
  figures: Figures;
}

export class ComparedDrills {
  readonly #drills = new Map<string, Map<WorldName, InWorld>>();

  /** Adds a run. */
  add(
    drill: string,
    world: WorldName,
    outcomes: readonly CheckOutcome[],
    figures: Figures = {},
  ): void {
    const worlds = this.#drills.get(drill) ?? new Map<WorldName, InWorld>();
    this.#drills.set(drill, worlds);
    const its = worlds.get(world) ?? { runs: [], figures };
    worlds.set(world, its);
    its.runs.push(outcomes);
  }

  /** The comparison of each drill that was run in two worlds. */
  all(): Map<string, Comparison> {
    const found = new Map<string, Comparison>();
    for (const [drill, worlds] of this.#drills) {
      const [one, other] = [...worlds].map(([world, { runs, figures }]) => ({
        world,
        runs,
        ...runs.length === 1 && { figures },
      }));
      if (one && other) found.set(drill, compare(one, other));
    }
    return found;
  }
}
