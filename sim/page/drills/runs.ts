/**
 * The drills that were run from the page since the herd was started.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Asked, Given } from "../../model/web/routes.ts";
import type { Api } from "../api.ts";

/** A run that is under way, or has ended. */
export type Run = Given<"run">;

/** The pause before a lost stream is opened again. */
const AGAIN_MS = 1_000;

/** The path of a run, or of a file in its report. */
export function runPath(id: string, file = ""): string {
  return `/api/runs/${encodeURIComponent(id)}${file}`;
}

/** All runs, kept up to date while one is under way. */
export class Runs {
  readonly #api: Api;
  readonly #onChange: () => void;
  readonly #watched = new Set<string>();
  readonly #signal: AbortSignal;
  #all: readonly Run[] = [];
  /** How often they were loaded; an older answer is not shown. */
  #loads = 0;

  /**
   * `onChange` is called when runs are added or change, until `signal` aborts;
   * runs go on.
   */
  constructor(api: Api, onChange: () => void, signal: AbortSignal) {
    this.#api = api;
    this.#onChange = onChange;
    this.#signal = signal;
  }

  /** Newest first. */
  get all(): readonly Run[] {
    return this.#all;
  }

  /** The run that is under way. */
  get running(): Run | undefined {
    return this.#all.find(({ state }) => state === "running");
  }

  /** Loads the runs from the herd. */
  async load(): Promise<void> {
    const load = ++this.#loads;
    const all = await this.#api.get<Given<"runs">>("/api/runs");
    if (load !== this.#loads || this.#signal.aborted) return;
    this.#all = all;
    this.#onChange();
    for (const { id, state } of this.#all) {
      if (state === "running") this.#watch(id);
    }
  }

  /** Starts a drill; returns the run's ID. */
  async start(drill: Partial<Asked<"startRun">["body"]>): Promise<string> {
    const { id } = await this.#api.post<Given<"startRun">>("/api/runs", drill);
    await this.load();
    return id;
  }

  async interrupt(id: string): Promise<void> {
    await this.#api.del(runPath(id));
  }

  #watch(id: string): void {
    if (this.#watched.has(id)) return;
    this.#watched.add(id);
    const hear = (data: string) => {
      const run: Run = JSON.parse(data);
      this.#all = this.#all.map((it) => it.id === id ? run : it);
      this.#onChange();
    };
    void this.#api.events(runPath(id, "/events"), hear, this.#signal)
      .catch(() => {})
      .then(() => this.#lost(id));
  }

  /** A stream has ended: either with its run, or it has to be opened again. */
  #lost(id: string): void {
    this.#watched.delete(id);
    if (this.running?.id !== id) return;
    setTimeout(() => {
      if (!this.#signal.aborted) this.#watch(id);
    }, AGAIN_MS);
  }
}
