/**
 * Greedy clients, as the main thread holds them: they send as fast as servers
 * take it.
 *
 * @module
 */
import {
  ANSWERED,
  greedyMemory,
  SENT,
  SPARED,
  WRONG,
} from "./greedy_counts.ts";
import type { Clock, Timer } from "../../../herd/net/platform.ts";
import { oneModule } from "../../worlds/threads/one_module.ts";
import { Thread } from "../../worlds/threads/thread.ts";
import type {
  GreedyAnswers,
  GreedyOrder,
  GreedyTarget,
} from "./greedy_worker.ts";

export interface GreedyFloodOptions {
  readonly clock: Clock;
  /** Each of them all the time, while it is up. */
  readonly targets: readonly GreedyTarget[];
  /** Connections to each. */
  readonly clients: number;
  /** How long; by default until it is stopped. */
  readonly durationMs?: number | undefined;
}

/** What came of it. */
export interface GreedyResult {
  /** Lines that were sent. */
  readonly sent: number;
  /** Those that were answered as they must be. */
  readonly answered: number;
  /** Replies that were something else. */
  readonly wrong: number;
}

/** A flood by greedy clients, from its beginning to its end. */
export class GreedyFlood {
  /** Resolves when it has ended; rejects if its thread has failed. */
  readonly over: Promise<GreedyResult>;
  readonly #thread: Thread<GreedyOrder, GreedyAnswers, never, never>;
  readonly #counts: Int32Array;
  readonly #over = Promise.withResolvers<GreedyResult>();
  #timer: Timer | undefined;
  #isOver = false;

  constructor({ clock, targets, clients, durationMs }: GreedyFloodOptions) {
    const memory = greedyMemory(targets.length);
    this.#counts = new Int32Array(memory);
    this.over = this.#over.promise;
    // To be packed, a worker must be named by a literal in a URL of its own.
    const module = new URL(import.meta.resolve("./greedy_worker.ts"));
    this.#thread = new Thread({
      name: "greedy clients",
      module: oneModule(module),
      permissions: { net: ["127.0.0.1"] },
      clock,
      onError: (why) => {
        this.#over.reject(new Error(`Greedy clients failed: ${why}`));
        this.stop();
      },
    });
    this.#thread.ask({ ask: "begin", targets, clients, memory }).then(() => {
      // A thread takes its time to start, which is none of the flood's.
      if (durationMs === undefined || this.#isOver) return;
      this.#timer = clock.after(durationMs, () => this.stop());
    }, () => {
      // It was stopped, or has failed, before it began.
    });
  }

  /** Lines that servers have answered, one way or another. */
  get touched(): number {
    return this.result.answered + this.result.wrong;
  }

  /** What has come of it so far. */
  get result(): GreedyResult {
    const counted = (at: number) => Atomics.load(this.#counts, at);
    return {
      sent: counted(SENT),
      answered: counted(ANSWERED),
      wrong: counted(WRONG),
    };
  }

  /** Leaves one target alone from now on. */
  spare(index: number): void {
    Atomics.store(this.#counts, SPARED + index, 1);
  }

  /** Ends it at once: its connections close. May be called again. */
  stop(): void {
    this.#isOver = true;
    this.#timer?.cancel();
    this.#thread.end(new Error("The greedy clients were stopped"));
    this.#over.resolve(this.result);
  }
}
