/**
 * Makes a plan that fails as small as it can be made: fewer of the steps that
 * were drawn, then fewer clients, then fewer servers.
 *
 * @module
 */
import type { PlantedBug } from "../../../herd/core/planted_bug.ts";
import {
  withClient,
  withoutTuning,
  withoutVoidChecks,
  withSeed,
  withSteps,
} from "../../model/scenario/drawn.ts";
import { writtenTuning } from "../../model/scenario/tuning.ts";
import { feasibleSteps } from "../../model/scenario/feasible.ts";
import { hasErrors } from "../../model/problem.ts";
import { failuresOf } from "../../model/report/failures.ts";
import type { PlanSize, Replay } from "../../model/report/replay.ts";
import type { DrillResult } from "../../model/report/result.ts";
import type { Scenario } from "../../model/scenario/scenario.ts";
import { parseScenario } from "../../model/scenario/parse.ts";
import { shrink } from "../../model/scenario/shrink.ts";
import { components, type Topology } from "../../model/topology/topology.ts";
import { NotStarted } from "../servers/ports.ts";
import { seedOf } from "./plan.ts";
import { replay } from "./replay.ts";
import { type RunOptions, runScenario } from "./runner.ts";

/** How often the smallest plan is run, to see how often it fails. */
export const REPLAYS = 10;
/**
 * Seeds that a smaller plan is tried with, in virtual time: more of them once it
 * is so small that there are few smaller ones.
 */
const SEEDS_TRIED = [1, 4, 20];
/** Runs after which no further seeds are tried: it is to take seconds. */
const RUNS_MAX = 1_500;

export interface FailedPlan {
  /** Its text, with all steps drawn. */
  readonly text: string;
  /** The name of the file that the smallest plan will have. */
  readonly file: string;
  readonly topology: Topology;
  /** What its random choices follow from. */
  readonly seed: number;
  /** The numbers of the steps that were drawn; the others are kept. */
  readonly drawn: readonly number[];
  readonly result: DrillResult;
  /** The checks by which a smaller one must fail too; any of it, if not told. */
  readonly checks?: readonly string[];
  /** What its herd was made of, if not the default. */
  readonly servers?: Pick<RunOptions, "world" | "places">;
  /** A bug that is planted on purpose, to see that it is found. */
  readonly plantedBug?: PlantedBug;
  readonly signal: AbortSignal;
  /** A smaller plan is run now. */
  readonly onRun?: () => void;
  /** Gets each smaller plan that fails too. */
  readonly onSmaller: (smaller: SmallerPlan) => void;
}

/** A plan that fails too. */
export interface SmallerPlan {
  readonly text: string;
  /** Its topology: that of the plan before, or a part of it. */
  readonly topology: Topology;
  readonly size: PlanSize;
}

/** A plan that fails, as small as it could be made. */
export interface Minimal extends SmallerPlan {
  readonly scenario: Scenario;
  /** The checks by which it fails, as the plan before did. */
  readonly checks: ReadonlySet<string>;
  readonly result: DrillResult;
  /** How often it failed when it was run again, in its own world. */
  readonly replay: Replay;
}

/**
 * The smallest plan found that fails in the same way.
 *
 * @throws {Error} If the signal is aborted.
 */
export async function minimize(failed: FailedPlan): Promise<Minimal> {
  const { topology, drawn, onSmaller } = failed;
  const whole = new Plan(failed.text, topology, drawn, failed);
  const checks = new Set(failed.checks ?? failuresOf(failed.result));
  let smallest = { plan: whole, result: failed.result };
  let [runsLeft, seedsTried] = [RUNS_MAX, 1];
  const fails = async (smaller: Plan | undefined): Promise<boolean> => {
    if (smaller === undefined) return false;
    for (let at = 0; at === 0 || at < seedsTried && runsLeft > 0; at++) {
      const plan = at === 0 ? smaller : smaller.withSeed(at);
      const result = await plan.run();
      runsLeft--;
      if (!result || failuresOf(result).isDisjointFrom(checks)) continue;
      smallest = { plan, result };
      onSmaller(plan);
      return true;
    }
    return false;
  };
  const makeSmaller = async () => {
    for (const { name } of smallest.plan.topology.servers) {
      await fails(smallest.plan.withoutServer(name));
    }
    for (const alike of smallest.plan.alike()) {
      await fails(smallest.plan.withoutAlike(alike));
    }
    const [first, ...others] = smallest.plan.clients;
    for (const client of others) {
      const text = withClient(smallest.plan.text, client, first!);
      await fails(smallest.plan.withText(text));
    }
    await shrink(
      smallest.plan.drawn,
      (kept) => fails(smallest.plan.without(kept)),
    );
  };
  // With fewer steps all else comes at other times. In virtual time these follow
  // from the seed, so that with another one the failure may be there again.
  const isVirtual = whole.scenario.world === "virtual";
  for (seedsTried of isVirtual ? SEEDS_TRIED : [1]) {
    // What two clients or three servers needed, one client or two may not.
    await toTheEnd(makeSmaller, () => smallest.plan.weight);
  }
  for (const key of smallest.plan.tuned) {
    const text = withoutTuning(smallest.plan.text, key);
    await fails(smallest.plan.withText(text));
  }
  const { plan, result } = smallest;
  const { text, scenario, size } = plan;
  const failing = { scenario, topology: plan.topology, checks };
  return {
    text,
    topology: plan.topology,
    size,
    scenario,
    checks,
    result,
    replay: await replay(failing, { ...plan.runOptions, times: REPLAYS }),
  };
}

/** Does it again as long as something grows smaller by it. */
async function toTheEnd(
  act: () => Promise<void>,
  size: () => number,
): Promise<void> {
  for (let before = Infinity; size() < before;) {
    before = size();
    await act();
  }
}

/** A plan whose steps are all drawn. */
class Plan {
  readonly text: string;
  readonly topology: Topology;
  readonly scenario: Scenario;
  /** The numbers of the steps that may be left out. */
  readonly drawn: readonly number[];
  readonly #failed: FailedPlan;

  constructor(
    text: string,
    topology: Topology,
    drawn: readonly number[],
    failed: FailedPlan,
  ) {
    const { scenario, problems } = parseScenario(
      text,
      failed.file,
      () => topology,
    );
    if (scenario === undefined) {
      throw new TypeError(`Cannot read a plan: ${problems[0]?.message}`);
    }
    this.text = text;
    this.topology = topology;
    this.scenario = scenario;
    this.drawn = drawn;
    this.#failed = failed;
  }

  /** Runs it; `undefined` if its herd does not start, which is another failure. */
  async run(): Promise<DrillResult | undefined> {
    this.#failed.onRun?.();
    try {
      return await runScenario(this.scenario, this.topology, this.runOptions);
    } catch (error) {
      if (error instanceof NotStarted) return undefined;
      throw error;
    }
  }

  get runOptions(): RunOptions {
    const { signal, servers, plantedBug } = this.#failed;
    return {
      seed: this.#seed,
      signal,
      ...servers,
      ...plantedBug && { plantedBug },
    };
  }

  get clients(): string[] {
    const names = this.scenario.steps.flatMap((step) =>
      step.kind === "iamat" ? [step.client] : []
    );
    return [...new Set(names)].toSorted();
  }

  get size(): PlanSize {
    return {
      steps: this.scenario.steps.length,
      clients: this.clients.length,
      servers: this.topology.servers.length,
    };
  }

  /** What grows smaller with each smaller plan. */
  get weight(): number {
    const { steps, clients, servers } = this.size;
    return steps + clients + servers;
  }

  /** The plan with only `kept` of the steps that were drawn, and what needs the others gone too. */
  without(kept: readonly number[]): Plan {
    const drawn = new Set(this.drawn);
    const left = drawn.difference(new Set(kept));
    const steps = this.scenario.steps
      .map((step, number) => ({ ...step, number }))
      .filter(({ number }) => !left.has(number));
    const names = this.topology.servers.map(({ name }) => name);
    const numbers = feasibleSteps(steps, names).map(({ number }) => number);
    const text = withoutVoidChecks(
      withSteps(this.text, new Set(numbers)),
      this.topology,
    );
    const stillDrawn = numbers.flatMap((number, i) =>
      drawn.has(number) ? [i] : []
    );
    return new Plan(text, this.topology, stillDrawn, this.#failed);
  }

  get #seed(): number {
    return this.scenario.seed ?? this.#failed.seed;
  }

  /** The constants of the servers that it sets, as its file has them. */
  get tuned(): string[] {
    const { tuning = {} } = this.scenario;
    return Object.keys(writtenTuning(tuning));
  }

  /** The plan with another seed, so many further on. */
  withSeed(further: number): Plan {
    return this.withText(withSeed(this.text, seedOf(this.#seed, further)));
  }

  /** The same, written otherwise. */
  withText(text: string): Plan {
    return new Plan(text, this.topology, this.drawn, this.#failed);
  }

  /** What drawn steps have in common: their kinds, and their clients. */
  alike(): Set<string> {
    return new Set(this.drawn.flatMap((at) => this.#marksOf(at)));
  }

  /** The plan without all drawn steps that have something in common; `undefined` if none has. */
  withoutAlike(mark: string): Plan | undefined {
    const kept = this.drawn.filter((at) => !this.#marksOf(at).includes(mark));
    return kept.length < this.drawn.length ? this.without(kept) : undefined;
  }

  #marksOf(at: number): string[] {
    const step = this.scenario.steps[at]!;
    return [
      step.kind,
      ...step.kind === "iamat" ? [`client ${step.client}`] : [],
    ];
  }

  /**
   * The plan on a herd without a server, and without the drawn steps that name it;
   * `undefined` if it needs it.
   */
  withoutServer(server: string): Plan | undefined {
    const { name, servers, links } = this.topology;
    const topology: Topology = {
      name,
      servers: servers.filter((it) => it.name !== server),
      links: links.filter((link) => !link.includes(server)),
    };
    if (components(topology).length !== 1) return undefined;
    const named = new RegExp(`(^|\\W)${RegExp.escape(server)}(\\W|$)`);
    const { text, drawn } = this.without(this.drawn.filter((at) => {
      const { where: _, ...step } = this.scenario.steps[at]!;
      return !named.test(JSON.stringify(step));
    }));
    const { problems } = parseScenario(text, this.#failed.file, () => topology);
    if (hasErrors(problems)) return undefined;
    return new Plan(text, topology, drawn, this.#failed);
  }
}
