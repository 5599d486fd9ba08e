/**
 * Runs a plan that failed again and again, and counts how often it fails by the
 * same checks.
 *
 * @module
 */
import { failuresOf } from "../../model/report/failures.ts";
import type { Replay } from "../../model/report/replay.ts";
import type { Scenario } from "../../model/scenario/scenario.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { formatDuration } from "../../model/duration.ts";
import { type RunOptions, runScenario } from "./runner.ts";

/** A plan that takes longer is not run ten times in real time unasked. */
const REAL_MS_MAX = 60_000;

/** A plan that failed. */
export interface FailingPlan {
  readonly scenario: Scenario;
  readonly topology: Topology;
  /** The checks by which it failed. */
  readonly checks: ReadonlySet<string>;
}

/** How it is run again. */
export interface ReplayOptions extends RunOptions {
  /** How often. */
  readonly times: number;
  /** Gets the count after each run. */
  readonly onReplay?: (soFar: Replay) => void;
}

/**
 * How often a plan fails by its checks. Where it can't be run, the replay says
 * why.
 *
 * @throws {Error} If the signal is aborted.
 */
export async function replay(
  { scenario, topology, checks }: FailingPlan,
  { times, onReplay = () => {}, ...options }: ReplayOptions,
): Promise<Replay> {
  const { world = scenario.world ?? "threads" } = options;
  let soFar: Replay = {
    // What are no threads and not in virtual time are processes.
    world: typeof world === "string" ? world : "processes",
    runs: 0,
    failed: 0,
    otherwise: 0,
  };
  while (soFar.runs < times) {
    try {
      const result = await runScenario(scenario, topology, options);
      const found = failuresOf(result);
      const isAlike = !found.isDisjointFrom(checks);
      soFar = {
        ...soFar,
        runs: soFar.runs + 1,
        failed: soFar.failed + (isAlike ? 1 : 0),
        otherwise: soFar.otherwise + (!isAlike && found.size > 0 ? 1 : 0),
      };
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!(error instanceof Error)) throw error;
      return { ...soFar, why: error.message };
    }
    onReplay(soFar);
  }
  return soFar;
}

/**
 * The same in threads, of a plan that failed in virtual time.
 *
 * @param tookMs How long one run of it takes.
 * @throws {Error} If the signal is aborted.
 */
export async function replayInThreads(
  plan: FailingPlan,
  tookMs: number,
  options: Omit<ReplayOptions, "world">,
): Promise<Replay> {
  const world = "threads";
  if (tookMs > REAL_MS_MAX) {
    const why = `one run takes ${formatDuration(tookMs)} there`;
    return { world, runs: 0, failed: 0, otherwise: 0, why };
  }
  return await replay(plan, { ...options, world });
}
