/**
 * Handles a failed run: its plan is shrunk, written to a file, and run again;
 * in threads too, if it failed in virtual time.
 *
 * @module
 */
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import type { PlantedBug } from "../../../herd/core/planted_bug.ts";
import { failuresOf } from "../../model/report/failures.ts";
import type { Replay, SmallestPlan } from "../../model/report/replay.ts";
import type { DrillResult } from "../../model/report/result.ts";
import {
  type Minimal,
  minimize,
  REPLAYS,
  type SmallerPlan,
} from "../drill/minimize.ts";
import type { Drawn, Plan } from "../drill/plan.ts";
import { replayInThreads } from "../drill/replay.ts";
import { MinimalFiles, PLAN_FILE } from "../report/minimal_files.ts";
import { askedServers } from "./asked_servers.ts";
import type { DrillView } from "./drill_view.ts";
import type { ScenarioArguments } from "./scenario_options.ts";
import { ShrinkProgress } from "./shrink_progress.ts";

/** A run that failed. */
export interface FailedRun {
  readonly plan: Plan;
  /** The parts that may be left out. */
  readonly drawn: Drawn;
  readonly result: DrillResult;
  /** The checks to reproduce; by default all that failed. */
  readonly checks?: readonly string[];
  /** In a search, the seeds that failed by one of these checks. */
  readonly seeds?: readonly number[];
  /** The folder for its smallest plan. */
  readonly folder: string;
}

export interface FailedRunOptions {
  readonly options: ScenarioArguments;
  readonly view: DrillView;
  /** Ends it; what is known by then is written and reported. */
  readonly signal: AbortSignal;
}

/**
 * Finds the smallest plan, and reports how it fares in further runs.
 *
 * @throws {Error} If the signal aborts.
 */
export async function showFailed(
  failed: FailedRun,
  more: FailedRunOptions,
): Promise<SmallestPlan> {
  const work = new FailedRunWork(failed, more);
  try {
    return await work.all();
  } catch (error) {
    if (more.signal.aborted) await work.tellInterrupted();
    throw error;
  }
}

class FailedRunWork {
  readonly #failed: FailedRun;
  readonly #more: FailedRunOptions;
  #smaller: SmallerPlan | undefined;
  #files: MinimalFiles | undefined;
  /** The results of further runs, by world. */
  readonly #replays = new Map<string, Replay>();

  constructor(failed: FailedRun, more: FailedRunOptions) {
    this.#failed = failed;
    this.#more = more;
  }

  async all(): Promise<SmallestPlan> {
    const { plan } = this.#failed;
    const { view, options } = this.#more;
    view.shrinking(plan.seed);
    using progress = new ShrinkProgress(
      denoPlatform.clock,
      !options.json && Deno.stdout.isTerminal(),
    );
    const minimal = await this.#shrink(progress);
    this.#replays.set(minimal.replay.world, minimal.replay);
    const files = await this.#write(minimal);
    view.minimal(minimal, files.plan);
    if (plan.scenario.world === "virtual" && options.replays !== 0) {
      await this.#replay(minimal, progress);
    }
    progress[Symbol.dispose]();
    await files.tell([...this.#replays.values()]);
    const smallest = this.#smallest(minimal, files);
    view.smallest(smallest, plan.seed, files.topology);
    return smallest;
  }

  async #shrink(progress: ShrinkProgress): Promise<Minimal> {
    const { plan: { topology, seed }, drawn, result, checks } = this.#failed;
    const { view, signal, options } = this.#more;
    await using asked = await askedServers(options, topology, () => {});
    return await minimize({
      text: drawn.text(),
      drawn: drawn.numbers,
      file: PLAN_FILE,
      topology,
      seed,
      result,
      ...checks && { checks },
      signal: AbortSignal.any([signal, asked?.lost ?? signal]),
      ...asked && { servers: asked.options },
      ...this.#planted,
      onRun: () => progress.run(),
      onSmaller: (smaller) => {
        this.#smaller = smaller;
        progress.smaller(smaller.size);
        view.smaller(smaller.size);
      },
    });
  }

  async #replay(minimal: Minimal, progress: ShrinkProgress): Promise<void> {
    const { scenario, result: { tookMs } } = minimal;
    const { signal, options: { replays: times = REPLAYS } } = this.#more;
    const onReplay = (soFar: Replay) => {
      this.#replays.set(soFar.world, soFar);
      progress.replay(soFar, times);
    };
    onReplay(
      await replayInThreads(minimal, tookMs, {
        seed: scenario.seed ?? this.#failed.plan.seed,
        times,
        signal,
        ...this.#planted,
        onReplay,
      }),
    );
  }

  async #write(smaller: SmallerPlan): Promise<MinimalFiles> {
    const { plan: { scenario, seed }, folder } = this.#failed;
    const origin = { file: scenario.file, seed, steps: scenario.steps.length };
    const files = await MinimalFiles.write(smaller, origin, folder);
    this.#files = files;
    return files;
  }

  /** It was interrupted: writes what was found by then. */
  async tellInterrupted(): Promise<void> {
    if (this.#smaller === undefined) return;
    const files = this.#files ?? await this.#write(this.#smaller);
    const replays = [...this.#replays.values()];
    if (replays.length > 0) await files.tell(replays);
    const smallest = this.#smallest(this.#smaller, files);
    const { seed } = this.#failed.plan;
    this.#more.view.smallest(smallest, seed, files.topology);
  }

  #smallest({ size }: SmallerPlan, { plan }: MinimalFiles): SmallestPlan {
    const { result, checks = [...failuresOf(result)], seeds } = this.#failed;
    return {
      plan,
      ...size,
      checks,
      replays: [...this.#replays.values()],
      ...seeds && { seeds },
    };
  }

  get #planted(): { readonly plantedBug?: PlantedBug } {
    const { plantedBug } = this.#more.options;
    return { ...plantedBug && { plantedBug } };
  }
}
