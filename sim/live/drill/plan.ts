/**
 * What is run: a scenario's file, with what its caller would rather have.
 *
 * @module
 */
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import { randomPart } from "../../../herd/net/platform.ts";
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import type { Limits } from "../../../herd/core/limits.ts";
import type { ActionsOf } from "../../model/scenario/actions.ts";
import { describeStep } from "../../model/steps/kinds.ts";
import { dryRun } from "../../model/scenario/dry_run.ts";
import type { Step } from "../../model/scenario/scenario.ts";
import { openSteps, planText } from "../../model/scenario/plan_text.ts";
import {
  InvalidFile,
  printProblems,
  type Problem,
} from "../../model/problem.ts";
import { SEED_MAX } from "../../model/random.ts";
import {
  type ParsedScenario,
  parseScenario,
} from "../../model/scenario/parse.ts";
import {
  drawnNumbers,
  drawRandom,
  hasRandom,
} from "../../model/scenario/drawn.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { WorldName } from "../../model/world_name.ts";
import { type LoadOptions, loadTopology } from "../herd/load.ts";
import type { ScenarioFile } from "./files.ts";

/** What goes before what the file says. */
export interface PlanOptions {
  /** What random choices follow from; the file's, else a fresh one. */
  readonly seed?: number;
  /** Values of the file's parameters. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Another topology, by its name. */
  readonly topology?: string;
  /** Another mode of dissemination. */
  readonly mode?: DisseminationMode;
  /** Another world. */
  readonly world?: WorldName;
  /** Limits of the servers. */
  readonly limits?: Partial<Limits>;
  /** Gets warnings, ready to print. */
  readonly warn?: (text: string) => void;
  /** Gets the same as they are, with their places. */
  readonly onWarnings?: (problems: readonly Problem[]) => void;
}

/** The topology that goes before the file's can't be had. */
export class WrongTopology extends Error {
  /** The class's name, as errors print it. */
  override readonly name = "WrongTopology";
}

/** A scenario that is right, and all that it needs to run. */
export type Plan = Required<Omit<ParsedScenario, "problems">> & {
  readonly seed: number;
  readonly drawn?: Drawn;
};

export interface Drawn {
  /** The plan's text, all steps drawn. */
  readonly text: string;
  /** The numbers of the steps that were drawn. */
  readonly numbers: readonly number[];
}

export function freshSeed(): number {
  return Math.floor(randomPart(denoPlatform) * (SEED_MAX + 1));
}

/**
 * Reads the file for one run.
 *
 * @param fresh The seed, if there is no other; the same for all runs.
 * @param run The run's number, from 0; each has the next seed.
 * @throws {InvalidFile} If the file is wrong.
 * @throws {WrongTopology} If there is no such topology as the options name.
 * @throws {NoSuchParameter} If the file has no such parameter.
 */
export function planOf(
  file: ScenarioFile,
  options: PlanOptions = {},
  fresh: number = freshSeed(),
  run = 0,
): Plan {
  const { warn = () => {} } = run === 0 ? options : {};
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
        warn,
      });
    },
    options.settings,
  );
  const { topology, value, groups } = parsed;
  if (!parsed.scenario || !topology || value === undefined || !groups) {
    throw new InvalidFile(problems);
  }
  if (problems.length > 0) {
    warn(printProblems(problems));
    options.onWarnings?.(problems);
  }
  const mode = options.mode ?? parsed.scenario.mode ?? topology.mode;
  const world = options.world ?? parsed.scenario.world;
  const limits = {
    ...topology.limits,
    ...parsed.scenario.limits,
    ...options.limits,
  };
  const scenario = {
    ...parsed.scenario,
    ...mode && { mode },
    ...world && { world },
    ...Object.keys(limits).length > 0 && { limits },
  };
  const plan = { scenario, topology, value, groups, seed: counted() };
  return hasRandom(scenario.steps) ? withDrawn(plan, options) : plan;
}

function withDrawn(plan: Plan, options: PlanOptions): Plan {
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
  options: PlanOptions,
  actions?: ActionsOf<Step>,
): string {
  const { name } = scenario;
  const topology = options.topology ?? scenario.topology;
  const facts = { name, topology, seed };
  return planText(value, groups, scenario, facts, actions);
}

/** The plan as text, with all that is known of it before the run. */
export function dryRunText(plan: Plan, options: PlanOptions): string {
  const { scenario: { steps }, topology, seed } = plan;
  const actions = dryRun(steps, topology, seed);
  const open = openSteps(steps, actions).map((step) =>
    `# left to the run: ${describeStep(step)}, line ${step.where.line}\n`
  );
  return textOf(plan, options, actions) + open.join("");
}

/** The topology that the command line names, else the one of the file. */
function topologyOf(
  spec: string,
  { topology }: PlanOptions,
  options: LoadOptions,
): Topology {
  if (topology === undefined) return loadTopology(spec, options);
  try {
    return loadTopology(topology, { ...options, folder: "." });
  } catch (error) {
    if (error instanceof InvalidFile || !(error instanceof Error)) throw error;
    throw new WrongTopology(error.message);
  }
}
