/**
 * The drills that were run from the page in this session of the herd.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Api } from "../api.ts";
import type { RunStep } from "./marks.ts";

/** A drill that runs, or has run. */
export interface Run {
  /** What it is known by. */
  readonly id: string;
  /** The drill's name. */
  readonly name: string;
  /** How it stands. */
  readonly state:
    | "running"
    | "passed"
    | "failed"
    | "unknown"
    | "interrupted"
    | "error";
  /** Its seed. */
  readonly seed: number;
  /** When it began. */
  readonly startedMs: number;
  /** How long it took. */
  readonly tookMs?: number;
  /** Its steps. */
  readonly steps: readonly RunStep[];
  /** Of many seeds: how many were run. */
  readonly seeds?: { readonly done: number; readonly of: number };
  /** What came out, in a word. */
  readonly verdict?: string;
  /** What came out, as `deno task scenario` prints it. */
  readonly summary?: string;
}

/** So long after a stream was lost, it is asked for again. */
const AGAIN_MS = 1_000;

/** The path of a run, or of a file of its report. */
export function runPath(id: string, file = ""): string {
  return `/api/runs/${encodeURIComponent(id)}${file}`;
}

/** All runs, kept up to date while one of them runs. */
export class Runs {
  readonly #api: Api;
  readonly #onChange: () => void;
  readonly #watched = new Map<string, AbortController>();
  #all: readonly Run[] = [];

  /** None is known; `onChange` is called when some are. */
  constructor(api: Api, onChange: () => void) {
    this.#api = api;
    this.#onChange = onChange;
  }

  /** The runs, the newest first. */
  get all(): readonly Run[] {
    return this.#all;
  }

  /** The run that has not ended. */
  get running(): Run | undefined {
    return this.#all.find(({ state }) => state === "running");
  }

  /** Asks the herd for them. */
  async load(): Promise<void> {
    this.#all = await this.#api.get<Run[]>("/api/runs");
    this.#onChange();
    for (const { id, state } of this.#all) {
      if (state === "running") this.#watch(id);
    }
  }

  /** Starts a drill; its ID. */
  async start(
    drill: {
      name?: string;
      text?: string;
      seed?: number;
      world?: string;
      seeds?: number;
    },
  ) {
    const { id } = await this.#api.post<{ id: string }>("/api/runs", drill);
    await this.load();
    return id;
  }

  /** Interrupts one. */
  async interrupt(id: string): Promise<void> {
    await this.#api.del(runPath(id));
  }

  /** Watches no more; what runs goes on. */
  end(): void {
    for (const watch of this.#watched.values()) watch.abort();
    this.#watched.clear();
  }

  #watch(id: string): void {
    if (this.#watched.has(id)) return;
    const watch = new AbortController();
    this.#watched.set(id, watch);
    const hear = (data: string) => {
      const run: Run = JSON.parse(data);
      this.#all = this.#all.map((it) => it.id === id ? run : it);
      this.#onChange();
    };
    void this.#api.events(runPath(id, "/events"), hear, watch.signal)
      .catch(() => {})
      .then(() => this.#lost(id, watch.signal));
  }

  /** A stream has ended: with its run, or it is heard again. */
  #lost(id: string, signal: AbortSignal): void {
    this.#watched.delete(id);
    if (signal.aborted || this.running?.id !== id) return;
    setTimeout(() => {
      if (!signal.aborted) this.#watch(id);
    }, AGAIN_MS);
  }
}
