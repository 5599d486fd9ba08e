/**
 * Drills in virtual time, and the example that is a program in virtual time, and
 * nothing else: what they reach is what `deno task coverage` counts. Its arguments
 * are the files that are to be counted: they are loaded all, so that what nothing
 * loads counts too.
 *
 * @module
 */
import { costOf } from "../../examples/propagation/modes.ts";
import { MODES } from "../../herd/core/dissemination/dissemination.ts";
import { readScenario } from "../../sim/live/drill/files.ts";
import { Planner, type PlanOptions } from "../../sim/live/drill/plan.ts";
import { runScenario } from "../../sim/live/drill/runner.ts";

const FOLDER = new URL("../../sim/scenarios/", import.meta.url);
const FIRST_SEED = 1;
/** Runs of a drill whose steps are drawn, in each mode if it has none of its own. */
const SEEDS = 20;
/**
 * Shorter than their files say, for a second more of load reaches nothing new; or
 * longer, for limits are told once a minute.
 */
const SETTINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  crowd: { duration: "70s" },
  churn: { duration: "3s", rate: "300/s" },
  "gossip-glomers": { duration: "4s" },
  soak: { duration: "12s" },
};

const drills = [...Deno.readDirSync(FOLDER)].map(({ name }) => name)
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => name.replace(/\.yaml$/, "")).sort();

for (const file of Deno.args) await import(file);

const logs = await Deno.makeTempDir({ prefix: "herd-coverage-" });

/** Whether a run passes is for tests to say: here it is what it goes through. */
async function run(
  drill: string,
  times: number,
  wanted: PlanOptions,
): Promise<void> {
  const file = await readScenario(drill);
  const settings = SETTINGS[drill] ?? {};
  const planner = new Planner(file, {
    seed: FIRST_SEED,
    world: "virtual",
    settings,
    ...wanted,
  });
  for (let at = 0; at < times; at++) {
    const { scenario, topology, seed, drawn } = planner.plan(at);
    const log = { directory: logs, level: "DEBUG" } as const;
    if (at > 0 && drawn === undefined) break;
    await runScenario(scenario, topology, {
      seed,
      // What is written down is code too.
      ...at === 0 && drawn && { log },
    });
  }
}

try {
  for (const drill of drills) {
    if (drill !== "fuzz") await run(drill, SEEDS, {});
    else for (const mode of MODES) await run(drill, SEEDS, { mode });
  }
  for (const mode of MODES) await costOf(mode);
} finally {
  await Deno.remove(logs, { recursive: true });
}
