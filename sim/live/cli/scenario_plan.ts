/**
 * What a scenario's file and the command line together ask for: the plan of one
 * run.
 *
 * @module
 */
import type { DeedsOf } from "../../model/scenario/deeds.ts";
import { describeStep } from "../../model/scenario/describe.ts";
import { foresee } from "../../model/scenario/foresight.ts";
import type { Step } from "../../model/scenario/scenario.ts";
import { openSteps, planText } from "../../model/scenario/plan_text.ts";
import { InvalidFile, printProblems } from "../../model/problem.ts";
import { SEED_MAX } from "../../model/random.ts";
import { parseScenario } from "../../model/scenario/parse.ts";
import {
  drawnNumbers,
  drawRandom,
  hasRandom,
} from "../../model/scenario/drawn.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { UsageError } from "./usage_error.ts";
import { type LoadOptions, loadTopology } from "../herd/load.ts";
import type { Plan } from "./reporter.ts";
import type { ScenarioFile } from "./scenario_files.ts";
import type { ScenarioArguments } from "./scenario_options.ts";

/**
 * Reads the file for one run.
 *
 * @param fresh The seed, if nobody tells one.
 * @param run The run's number, from 0; each has the next seed.
 * @throws {InvalidFile} If the file is wrong.
 */
export function planOf(
  file: ScenarioFile,
  options: ScenarioArguments,
  fresh: number,
  run: number,
): DrawnPlan {
  let first = options.seed ?? fresh;
  const counted = () => (first + run) % (SEED_MAX + 1);
  const { problems, ...parsed } = parseScenario(
    file.text,
    file.name,
    (spec, fileSeed) => {
      first = options.seed ?? fileSeed ?? fresh;
      return topologyOf(spec, options, {
        seed: counted(),
        folder: file.folder,
        warn: (warning) => console.error(warning),
      });
    },
    options.settings,
  );
  const { topology, value, groups } = parsed;
  if (!parsed.scenario || !topology || value === undefined || !groups) {
    throw new InvalidFile(problems);
  }
  if (run === 0 && problems.length > 0) console.error(printProblems(problems));
  const mode = options.mode ?? parsed.scenario.mode ?? topology.mode;
  const limits = {
    ...topology.limits,
    ...parsed.scenario.limits,
    ...options.limits,
  };
  const scenario = {
    ...parsed.scenario,
    ...mode && { mode },
    ...Object.keys(limits).length > 0 && { limits },
  };
  const plan = { scenario, topology, value, groups, seed: counted() };
  return hasRandom(scenario.steps) ? withDrawn(plan, options) : plan;
}

/** A plan, and what of it was drawn, if anything was. */
export type DrawnPlan = Plan & { readonly drawn?: Drawn };

/** What of a plan was drawn. */
export interface Drawn {
  /** The plan's text, all steps drawn. */
  readonly text: string;
  /** The numbers of the steps that were drawn. */
  readonly numbers: readonly number[];
}

/** Draws a plan's random steps. */
function withDrawn(plan: Plan, options: ScenarioArguments): DrawnPlan {
  const { scenario, topology, seed } = plan;
  const names = topology.servers.map(({ name }) => name);
  const text = drawRandom(textOf(plan, options), scenario.steps, names, seed);
  const { problems, ...parsed } = parseScenario(
    text,
    scenario.file,
    () => topology,
  );
  if (!parsed.scenario || parsed.value === undefined || !parsed.groups) {
    throw new InvalidFile(problems);
  }
  const { value, groups } = parsed;
  return {
    scenario: parsed.scenario,
    topology,
    value,
    groups,
    seed,
    drawn: { text, numbers: drawnNumbers(scenario.steps) },
  };
}

function textOf(
  { scenario, value, groups, seed }: Plan,
  options: ScenarioArguments,
  deeds?: DeedsOf<Step>,
): string {
  const { name } = scenario;
  const topology = options.topology ?? scenario.topology;
  const facts = { name, topology, seed };
  return planText(value, groups, scenario, facts, deeds);
}

/** The plan as text, with all that is known of it before the run. */
export function foreseenText(plan: Plan, options: ScenarioArguments): string {
  const { scenario: { steps }, topology, seed } = plan;
  const deeds = foresee(steps, topology, seed);
  const open = openSteps(steps, deeds).map((step) =>
    `# left to the run: ${describeStep(step)}, line ${step.where.line}\n`
  );
  return textOf(plan, options, deeds) + open.join("");
}

/** The topology that the command line names, else the one of the file. */
function topologyOf(
  spec: string,
  { topology }: ScenarioArguments,
  options: LoadOptions,
): Topology {
  if (topology === undefined) return loadTopology(spec, options);
  try {
    return loadTopology(topology, { ...options, folder: "." });
  } catch (error) {
    if (error instanceof InvalidFile || !(error instanceof Error)) throw error;
    throw new UsageError(`--topology: ${error.message}`);
  }
}
