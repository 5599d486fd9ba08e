/**
 * Each bug that can be planted is found by the seeds of a drill that ships, and
 * made small. It takes minutes: `deno task test:plants`.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { readScenario } from "../../../../sim/live/drill/files.ts";
import { minimize } from "../../../../sim/live/drill/minimize.ts";
import { Planner } from "../../../../sim/live/drill/plan.ts";
import { runScenario } from "../../../../sim/live/drill/runner.ts";
import { verdictOf } from "../../../../sim/model/report/result.ts";
import { FINDERS } from "./plants.ts";

const SEEDS = 2_000;
const STEPS_MAX = 8;

for (const [plantedBug, drill] of FINDERS) {
  Deno.test({
    name:
      `${drill}.yaml finds the planted bug ${plantedBug}, and makes it small`,
    timeout: 600_000,
    async fn() {
      const file = await readScenario(drill);
      const planner = new Planner(file, { seed: 1, world: "virtual" });
      for (let run = 0; run < SEEDS; run++) {
        const plan = planner.plan(run);
        const { scenario, topology, seed, drawn } = plan;
        const options = { seed, plantedBug };
        const result = await runScenario(scenario, topology, options);
        if (verdictOf(result) !== "failed") continue;
        const { signal } = new AbortController();
        const { size, replay } = await minimize({
          text: drawn!.text(),
          drawn: drawn!.numbers,
          file: `${drill}.yaml`,
          topology,
          result,
          signal,
          ...options,
          onSmaller: () => {},
        });
        assertEquals(replay.failed, replay.runs);
        assert(size.steps <= STEPS_MAX, `seed ${seed}: ${size.steps} steps`);
        return;
      }
      throw new Error(`none of ${SEEDS} seeds finds it`);
    },
  });
}
