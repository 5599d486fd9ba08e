/**
 * The drills that are run from the page: one at a time, each on its own herd.
 * Reports are kept while the page is served.
 *
 * @module
 */
import type { Platform, Timer } from "../../../herd/net/platform.ts";
import type { RunDocument } from "../../model/web/routes.ts";
import {
  openTempFolder,
  type TempFolder,
} from "../../worlds/processes/temp_folder.ts";
import type { Plan } from "../drill/plan.ts";
import { DrillRun } from "./drill_run.ts";
import type { EventStream } from "./event_stream.ts";
import { RouteError } from "./route_error.ts";

/** How many runs are kept. */
const RUNS_MAX = 20;
/** Changes within so many milliseconds are sent together. */
const TOLD_MS = 100;

interface Kept {
  readonly run: DrillRun;
  readonly streams: Set<EventStream>;
  /** Set while watchers are about to be told. */
  telling?: Timer;
}

export class DrillRuns {
  readonly #platform: Platform;
  readonly #runs = new Map<string, Kept>();
  #folder: Promise<TempFolder> | undefined;
  #started = 0;
  #stopped: Promise<void> | undefined;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /**
   * Starts a drill; returns the run's ID.
   *
   * @param seeds How many seeds to run, counting on from the plan's.
   * @throws {RouteError} If another run is under way, or they are stopped.
   */
  async start(plan: Plan, seeds = 1): Promise<string> {
    this.#checkGoesOn();
    const { path } = await (this.#folder ??= openTempFolder());
    this.#checkGoesOn();
    const running = [...this.#runs].find(([, { run }]) => !run.isOver);
    if (running !== undefined) {
      const [id] = running;
      throw new RouteError(409, `${id} still runs: wait, or DELETE it`);
    }
    const id = `run-${++this.#started}`;
    const folder = `${path}/${id}`;
    const kept: Kept = {
      run: new DrillRun({
        id,
        plan,
        seeds,
        platform: this.#platform,
        folder,
        onChange: () => this.#tellSoon(kept),
      }),
      streams: new Set(),
    };
    this.#runs.set(id, kept);
    this.#forgetOld();
    return id;
  }

  /** Newest first. */
  all(): RunDocument[] {
    return [...this.#runs.values()].map(({ run }) => run.document).reverse();
  }

  /**
   * The run with this ID.
   *
   * @throws {RouteError} If there is none.
   */
  of(id: string): DrillRun {
    return this.#kept(id).run;
  }

  /**
   * A file of a run's report.
   *
   * @throws {RouteError} If there is none.
   */
  async reported(id: string, file: string): Promise<string> {
    const { run } = this.#kept(id);
    if (run.report === undefined) {
      const why = run.isOver ? "it came to no end" : "it still runs";
      throw new RouteError(404, `${id} has no report: ${why}`);
    }
    return await Deno.readTextFile(`${run.report}/${file}`);
  }

  /**
   * Returns a function that sends a run to a stream after each change, until it
   * has ended.
   *
   * @throws {RouteError} If there is no run with this ID.
   */
  watch(id: string): (stream: EventStream) => void {
    const { run, streams } = this.#kept(id);
    return (stream) => {
      stream.send(run.document);
      if (run.isOver) return stream.end();
      streams.add(stream);
      stream.onEnd(() => streams.delete(stream));
    };
  }

  /** Interrupts the run under way, and removes all reports. */
  stop(): Promise<void> {
    return this.#stopped ??= this.#stop();
  }

  async #stop(): Promise<void> {
    const all = [...this.#runs.values()];
    for (const { run } of all) run.interrupt();
    await Promise.all(all.map(({ run }) => run.over));
    for (const { telling } of all) telling?.cancel();
    await (await this.#folder)?.[Symbol.asyncDispose]();
  }

  #checkGoesOn(): void {
    if (this.#stopped === undefined) return;
    throw new RouteError(503, "the herd stops");
  }

  #kept(id: string): Kept {
    const kept = this.#runs.get(id);
    if (kept === undefined) throw new RouteError(404, `no run "${id}"`);
    return kept;
  }

  #tellSoon(kept: Kept): void {
    kept.telling ??= this.#platform.clock.after(TOLD_MS, () => {
      delete kept.telling;
      for (const stream of kept.streams) {
        stream.send(kept.run.document);
        if (kept.run.isOver) stream.end();
      }
    });
  }

  #forgetOld(): void {
    for (const [id, { run }] of this.#runs) {
      if (this.#runs.size <= RUNS_MAX) return;
      this.#runs.delete(id);
      if (run.report !== undefined) {
        Deno.removeSync(run.report, { recursive: true });
      }
    }
  }
}
