/**
 * Drills for programs and tests.
 *
 * @module
 */
import { given } from "../../model/given.ts";
import type { DrillResult, StepResult } from "../../model/report/result.ts";
import type { HerdLog, HerdOptions } from "../herd/start_options.ts";
import { readScenario, type ScenarioFile } from "./files.ts";
import { planOf, type PlanOptions } from "./plan.ts";
import { runScenario } from "./runner.ts";

/** How a drill is run. */
export interface DrillOptions extends Omit<PlanOptions, "world"> {
  /** Where the servers log; by default they do not. */
  readonly log?: HerdLog;
  /** What runs the servers; what the file says, else threads. */
  readonly world?: HerdOptions["world"];
  /** Ends the drill at once; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Gets each step as it ends. */
  readonly onStep?: (result: StepResult) => void;
}

/**
 * Runs a failure drill, once, and stops its herd whatever happens.
 *
 * @param drill Its file: a path, or a name among the drills that ship; or its
 * text, with a name for errors and the folder in which its topology is looked up.
 * @throws {InvalidFile} If the file is wrong; all that is wrong with it.
 * @throws {NoSuchScenario} If there is no such file.
 * @throws {NoSuchParameter} If `settings` names a parameter that it does not have.
 * @throws {WrongTopology} If there is no topology as `topology` names.
 * @throws {Error} If the herd does not start, or the signal is aborted.
 *
 * @example In a test
 * ```ts
 * import { runDrill, summary, verdictOf } from "../../../mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const result = await runDrill({
 *   name: "one-update",
 *   folder: ".",
 *   text: `
 * topology: "2014"
 * steps:
 *   - iamat: {client: kiwi, to: Alford, position: +34.1-118.4}
 *   - expect: {client: kiwi, on: all, within: 5s}
 * `,
 * });
 * assertEquals(verdictOf(result), "passed", summary(result));
 * ```
 */
export async function runDrill(
  drill: string | ScenarioFile,
  options: DrillOptions = {},
): Promise<DrillResult> {
  const file = typeof drill === "string" ? await readScenario(drill) : drill;
  const { log, world, signal, onStep, ...wanted } = options;
  const { scenario, topology, seed } = planOf(file, wanted);
  return await runScenario(scenario, topology, {
    seed,
    ...given({ log, world, signal, onStep }),
  });
}
