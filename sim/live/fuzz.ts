/**
 * Runs a drill with seed after seed until one fails, then makes the failing plan
 * as small as it can be made: fewer steps, then fewer servers.
 *
 * @module
 */
import type { PlantedBug } from "../../herd/core/node.ts";
import { feasibleSteps } from "../model/feasible.ts";
import { drawRandom, withSteps } from "../model/drawn.ts";
import { SEED_MAX } from "../model/random.ts";
import { type DrillResult, passed } from "../model/report.ts";
import type { Scenario } from "../model/scenario.ts";
import { parseScenario } from "../model/scenario_parse.ts";
import { shrink } from "../model/shrink.ts";
import { components, type Topology } from "../model/topology.ts";
import { runScenario } from "./runner.ts";

/** How often the smallest plan is run, to see how often it fails. */
const REPRODUCTIONS = 10;

/** A drill to be run with seed after seed. */
export interface Fuzz {
  /** The text of its file. */
  readonly text: string;
  /** The name of its file. */
  readonly file: string;
  /** Its topology. */
  readonly topology: Topology;
  /** The first seed; the others count on from it. */
  readonly seed: number;
  /** How many seeds, at most. */
  readonly runs: number;
  /** A bug that is planted on purpose, to see that it is found. */
  readonly plantedBug?: PlantedBug;
  /** Ends it all at once. */
  readonly signal: AbortSignal;
  /** Gets each run as it ends. */
  readonly onRun: (run: FuzzRun) => void;
  /** Gets each smaller plan that fails too. */
  readonly onShrunk: (steps: number, servers: number) => void;
}

/** One run of a plan that was drawn. */
export interface FuzzRun {
  /** The seed it was drawn with. */
  readonly seed: number;
  /** What came of it. */
  readonly result: DrillResult;
}

/** A plan that fails, as small as it could be made. */
export interface Minimal {
  /** The seed of the plan that it was made from. */
  readonly seed: number;
  /** The number of steps of that plan. */
  readonly stepsBefore: number;
  /** Its text. */
  readonly text: string;
  /** Its topology: that of the drill, or a part of it. */
  readonly topology: Topology;
  /** The number of its steps. */
  readonly steps: number;
  /** Why it fails. */
  readonly result: DrillResult;
  /** How often it failed of how many runs. */
  readonly reproduced: { readonly failed: number; readonly runs: number };
}

/**
 * Runs until a seed fails, or all have passed.
 *
 * @returns The smallest plan that fails, or `undefined` if none did.
 * @throws {Error} If a herd does not start, or the signal is aborted.
 */
export async function fuzz(options: Fuzz): Promise<Minimal | undefined> {
  const { text, file, topology, runs } = options;
  const names = topology.servers.map(({ name }) => name);
  const { steps } = parsed(text, file, topology);
  for (let run = 0; run < runs; run++) {
    const seed = (options.seed + run) % (SEED_MAX + 1);
    const drawn = drawRandom(text, steps, names, seed);
    const result = await new Plan(drawn, topology, options, seed).run();
    options.onRun({ seed, result });
    if (!passed(result)) {
      return await minimize(drawn, result, options, seed);
    }
  }
  return undefined;
}

async function minimize(
  drawn: string,
  failed: DrillResult,
  options: Fuzz,
  seed: number,
): Promise<Minimal> {
  const { topology, onShrunk } = options;
  const whole = new Plan(drawn, topology, options, seed);
  const stepsBefore = whole.scenario.steps.length;
  let smallest = { plan: whole, result: failed };
  const fails = async (plan: Plan): Promise<boolean> => {
    const result = await plan.run();
    if (!failsAlike(result, failed)) return false;
    smallest = { plan, result };
    onShrunk(plan.scenario.steps.length, plan.topology.servers.length);
    return true;
  };
  const numbers = drawnNumbers(parsed(options.text, options.file, topology));
  await shrink(numbers, (kept) => fails(whole.without(numbers, kept)));
  for (const { name } of topology.servers) {
    const smaller = smallest.plan.withoutServer(name);
    if (smaller !== undefined) await fails(smaller);
  }
  const { plan, result } = smallest;
  let again = 0;
  for (let run = 0; run < REPRODUCTIONS; run++) {
    if (failsAlike(await plan.run(), failed)) again++;
  }
  return {
    seed,
    stepsBefore,
    text: plan.text,
    topology: plan.topology,
    steps: plan.scenario.steps.length,
    result,
    reproduced: { failed: again, runs: REPRODUCTIONS },
  };
}

/**
 * The numbers, in a plan, of the steps that were drawn. Only they may be left
 * out: without the author's own, which heal the herd, it would fail by itself.
 */
function drawnNumbers({ steps }: Scenario): number[] {
  let next = 0;
  return steps.flatMap((step) => {
    const first = next;
    next += step.kind === "random" ? step.count : 1;
    return step.kind === "random"
      ? Array.from({ length: step.count }, (_, i) => first + i)
      : [];
  });
}

/** Whether a run failed by an expectation that failed in the other run, too. */
function failsAlike(result: DrillResult, other: DrillResult): boolean {
  const kinds = (run: DrillResult) =>
    run.steps.filter(({ failure }) => failure !== undefined)
      .map(({ step }) => step.kind)
      .concat(run.incidents.length > 0 ? ["wait"] : []);
  const failed = new Set(kinds(other));
  return kinds(result).some((kind) => failed.has(kind));
}

function parsed(text: string, file: string, topology: Topology): Scenario {
  const { scenario, problems } = parseScenario(text, file, () => topology);
  if (scenario !== undefined) return scenario;
  throw new TypeError(`Cannot read a plan: ${problems[0]?.message}`);
}

/** A plan whose steps are all drawn. */
class Plan {
  readonly text: string;
  readonly topology: Topology;
  readonly scenario: Scenario;
  readonly #options: Fuzz;
  readonly #seed: number;

  constructor(text: string, topology: Topology, options: Fuzz, seed: number) {
    this.text = text;
    this.topology = topology;
    this.scenario = parsed(text, options.file, topology);
    this.#options = options;
    this.#seed = seed;
  }

  async run(): Promise<DrillResult> {
    const { signal, plantedBug } = this.#options;
    return await runScenario(this.scenario, this.topology, {
      seed: this.#seed,
      signal,
      ...plantedBug && { plantedBug },
    });
  }

  /** The plan with only `kept` of its steps `numbers`, and what needs the others gone too. */
  without(numbers: readonly number[], kept: readonly number[]): Plan {
    const left = new Set(numbers).difference(new Set(kept));
    const steps = this.scenario.steps.map((step, number) => ({
      ...step,
      number,
    })).filter(({ number }) => !left.has(number));
    const names = this.topology.servers.map(({ name }) => name);
    const feasible = feasibleSteps(steps, names);
    return this.#with(
      withSteps(this.text, new Set(feasible.map(({ number }) => number))),
      this.topology,
    );
  }

  /** The plan on a herd without a server, if it needs it not. */
  withoutServer(server: string): Plan | undefined {
    const { name, servers, links } = this.topology;
    const topology: Topology = {
      name,
      servers: servers.filter((it) => it.name !== server),
      links: links.filter((link) => !link.includes(server)),
    };
    if (components(topology).length !== 1) return undefined;
    const { scenario } = parseScenario(
      this.text,
      this.#options.file,
      () => topology,
    );
    return scenario && this.#with(this.text, topology);
  }

  #with(text: string, topology: Topology): Plan {
    return new Plan(text, topology, this.#options, this.#seed);
  }
}
