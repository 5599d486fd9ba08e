/**
 * Handles a failed run: its plan is shrunk, written to a file, and run again;
 * in threads too, if it failed in virtual time.
 *
 * @module
 */
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import { given } from "../../model/given.ts";
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
import {
  type MinimalFiles,
  PLAN_FILE,
  writeMinimal,
} from "../report/minimal_files.ts";
import { askedServers } from "./asked_servers.ts";
import type { DrillCommand } from "./drill_command.ts";
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

/**
 * Finds the smallest plan, and reports how it fares in further runs.
 *
 * @throws {Error} If the signal aborts.
 */
export async function showFailed(
  failed: FailedRun,
  command: DrillCommand,
): Promise<SmallestPlan> {
  const work = new FailedRunWork(failed, command);
  try {
    return await work.all();
  } catch (error) {
    if (command.signal.aborted) await work.tellInterrupted();
    throw error;
  }
}

class FailedRunWork {
  readonly #failed: FailedRun;
  readonly #command: DrillCommand;
  #smaller: SmallerPlan | undefined;
  #files: MinimalFiles | undefined;
  /** The results of further runs, by world. */
  readonly #replays = new Map<string, Replay>();

  constructor(failed: FailedRun, command: DrillCommand) {
    this.#failed = failed;
    this.#command = command;
  }

  async all(): Promise<SmallestPlan> {
    const { plan } = this.#failed;
    const { view, options } = this.#command;
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
    const { view, signal, options } = this.#command;
    await using asked = await askedServers(options, topology, () => {}, signal);
    return await minimize({
      text: drawn.text(),
      drawn: drawn.numbers,
      file: PLAN_FILE,
      topology,
      seed,
      result,
      ...given({ checks, servers: asked?.options }),
      signal: AbortSignal.any([signal, asked?.lost ?? signal]),
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
    const { signal, options: { replays: times = REPLAYS } } = this.#command;
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
    const files = await writeMinimal(smaller, origin, folder);
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
    this.#command.view.smallest(smallest, seed, files.topology);
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

  get #planted() {
    const { plantedBug } = this.#command.options;
    return given({ plantedBug });
  }
}
