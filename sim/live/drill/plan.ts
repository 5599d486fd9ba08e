/**
 * What is run: a scenario's file, with what its caller would rather have.
 *
 * @module
 */
import { given } from "../../model/given.ts";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import { randomPart } from "../../../herd/net/platform.ts";
import type { Durability } from "../../../herd/core/durability.ts";
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import type { Limits } from "../../../herd/core/limits.ts";
import type { ActionsOf } from "../../model/scenario/actions.ts";
import { describeStep } from "../../model/steps/kinds.ts";
import { dryRun } from "../../model/scenario/dry_run.ts";
import type { PlacedStep, Scenario } from "../../model/scenario/scenario.ts";
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
  readDrawn,
} from "../../model/scenario/parse.ts";
import {
  drawnNumbers,
  drawSteps,
  hasRandom,
  textWithDrawn,
  withDrawn,
  withoutVoidChecks,
} from "../../model/scenario/drawn.ts";
import { isDrawnTopology } from "../../model/topology/generate.ts";
import type { YamlValue } from "../../model/yaml.ts";
import { settledTuning } from "../../model/scenario/tuning.ts";
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
  /** What an acknowledged fix is to outlast. */
  readonly durable?: Durability;
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
  /** Where it was read. */
  readonly file: ScenarioFile;
  /** The values of the file's parameters that were told. */
  readonly settings: Readonly<Record<string, string>>;
};

export interface Drawn {
  /** The plan's text, all steps drawn. */
  text(): string;
  /** The numbers of the steps that were drawn. */
  readonly numbers: readonly number[];
}

export function freshSeed(): number {
  return Math.floor(randomPart(denoPlatform) * (SEED_MAX + 1));
}

/**
 * Reads the file for one run; see {@linkcode Planner}.
 *
 * @throws {InvalidFile} If the file is wrong.
 * @throws {WrongTopology} If there is no such topology as the options name.
 * @throws {NoSuchParameter} If the file has no such parameter.
 */
export function planOf(file: ScenarioFile, options: PlanOptions = {}): Plan {
  return new Planner(file, options).plan();
}

/** Plans of one file for any number of runs, each of which has the next seed. */
export class Planner {
  readonly #file: ScenarioFile;
  readonly #options: PlanOptions;
  readonly #fresh: number;
  /** What was read, if it says the same for each seed. */
  #read: Omit<Plan, "seed"> & { readonly first: number } | undefined;

  /**
   * Reads nothing yet.
   *
   * @param fresh The first seed, if there is no other.
   */
  constructor(
    file: ScenarioFile,
    options: PlanOptions = {},
    fresh: number = freshSeed(),
  ) {
    this.#file = file;
    this.#options = options;
    this.#fresh = fresh;
  }

  /**
   * The plan of a run.
   *
   * @param run Its number, from 0.
   * @throws {InvalidFile} If the file is wrong.
   * @throws {WrongTopology} If there is no such topology as the options name.
   * @throws {NoSuchParameter} If the file has no such parameter.
   */
  plan(run = 0): Plan {
    const { first, ...read } = this.#read ?? this.#readFor(run);
    const seed = seedOf(first, run);
    const plan = { ...read, scenario: settled(read.scenario, seed), seed };
    return hasRandom(plan.scenario.steps)
      ? planWithDrawn(plan, this.#options)
      : plan;
  }

  #readFor(run: number): Omit<Plan, "seed"> & { readonly first: number } {
    const options = this.#options;
    const { warn = () => {} } = run === 0 ? options : {};
    let first = options.seed ?? this.#fresh;
    let isForAll = true;
    const { problems, ...parsed } = parseScenario(
      this.#file.text,
      this.#file.name,
      (spec, fileSeed) => {
        first = options.seed ?? fileSeed ?? this.#fresh;
        isForAll = !isDrawnTopology(options.topology ?? spec);
        return topologyOf(spec, options, {
          seed: seedOf(first, run),
          folder: this.#file.folder,
          warn,
        });
      },
      options.settings,
    );
    const { topology, value, groups } = parsed;
    if (!parsed.scenario || !topology || value === undefined || !groups) {
      throw new InvalidFile(problems);
    }
    if (run === 0 && problems.length > 0) {
      warn(printProblems(problems));
      options.onWarnings?.(problems);
    }
    const scenario = withOptions(parsed.scenario, topology, options);
    const file = this.#file;
    const { settings = {} } = options;
    const read = { scenario, topology, value, groups, first, file, settings };
    if (isForAll) this.#read = read;
    return read;
  }
}

/** The seed of a run, counted from 0, where the first one has this seed. */
export function seedOf(first: number, run: number): number {
  return (first + run) % (SEED_MAX + 1);
}

/** The scenario, with what goes before what its file says. */
function withOptions(
  scenario: Scenario,
  topology: Topology,
  options: PlanOptions,
): Scenario {
  const mode = options.mode ?? scenario.mode ?? topology.mode;
  const durable = options.durable ?? scenario.durable ?? topology.durable;
  const world = options.world ?? scenario.world;
  const limits = {
    ...topology.limits,
    ...scenario.limits,
    ...options.limits,
  };
  return {
    ...scenario,
    ...given({ mode, durable, world }),
    ...Object.keys(limits).length > 0 && { limits },
  };
}

/** The scenario, with the constants that its servers have with this seed. */
function settled({ tuning: told, ...rest }: Scenario, seed: number): Scenario {
  const tuning = settledTuning(told, rest.world === "virtual", seed);
  return { ...rest, ...tuning && { tuning } };
}

/** Steps that are drawn have the place of the step that they are drawn for. */
function planWithDrawn(plan: Plan, options: PlanOptions): Plan {
  const { scenario, topology, value, seed } = plan;
  const { steps } = scenario;
  const drawn = drawSteps(steps, topology, seed, scenario.mode);
  const file = value as { steps: YamlValue[] };
  return {
    ...plan,
    scenario: {
      ...scenario,
      steps: withDrawn(steps, drawn, (its, { where }) => readDrawn(its, where)),
    },
    value: { ...file, steps: withDrawn(file.steps, drawn, (its) => its) },
    drawn: {
      text: () =>
        withoutVoidChecks(
          textWithDrawn(writtenPlan(plan, options), drawn),
          topology,
        ),
      numbers: drawnNumbers(steps, drawn),
    },
  };
}

/** The plan's text, with what may be left out of it; of one without random steps that is nothing. */
export function wholePlan(plan: Plan, options: PlanOptions): Drawn {
  return plan.drawn ?? {
    text: () => textOf(plan, options, new Map()),
    numbers: [],
  };
}

/** The plan as text, with what each step came to. */
export function textOf(
  plan: Plan,
  options: PlanOptions,
  actions: ActionsOf<PlacedStep>,
): string {
  const text = writtenPlan(plan, options, actions);
  return withoutVoidChecks(text, plan.topology);
}

function writtenPlan(
  { scenario, value, groups, seed }: Plan,
  options: PlanOptions,
  actions?: ActionsOf<PlacedStep>,
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
