/**
 * Starts and ends greedy clients, which send as fast as servers take it.
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
import type { Host } from "../../worlds/host.ts";
import { Thread } from "../../worlds/threads/thread.ts";
import {
  beginGreedy,
  type GreedyOrder,
  type GreedyTarget,
} from "./greedy_clients.ts";
import type { GreedyAnswers } from "./greedy_worker.ts";

export interface GreedyFloodOptions {
  readonly clock: Clock;
  /** The servers to flood, each while it is up. */
  readonly targets: readonly GreedyTarget[];
  /** Connections to each target. */
  readonly clients: number;
  /** In milliseconds; by default until it is stopped. */
  readonly durationMs?: number | undefined;
  /** Where they run; in a thread of their own by default. */
  readonly host?: Host | undefined;
}

/** The results of greedy clients. */
export interface GreedyResult {
  /** Lines that were sent. */
  readonly sent: number;
  /** Correct replies. */
  readonly answered: number;
  /** Wrong replies. */
  readonly wrong: number;
}

export class GreedyFlood {
  /** Resolves when it has ended; rejects if its thread has failed. */
  readonly over: Promise<GreedyResult>;
  readonly #counts: Int32Array;
  readonly #over = Promise.withResolvers<GreedyResult>();
  readonly #clock: Clock;
  #end: () => void = () => {};
  #timer: Timer | undefined;
  #isOver = false;

  constructor(options: GreedyFloodOptions) {
    const { clock, targets, clients, durationMs, host } = options;
    const memory = greedyMemory(targets.length);
    this.#clock = clock;
    this.#counts = new Int32Array(memory);
    this.over = this.#over.promise;
    const order = { ask: "begin", targets, clients, memory } as const;
    if (host === undefined) this.#beginInThread(order, durationMs);
    else {
      this.#end = beginGreedy(host.platform, order);
      this.#stopAfter(durationMs);
    }
  }

  #beginInThread(order: GreedyOrder, durationMs: number | undefined): void {
    // For packing, a worker's module must be a literal in a URL of its own.
    const module = new URL(import.meta.resolve("./greedy_worker.ts"));
    const hosts = order.targets.map(({ address }) => address.hostname);
    const thread = new Thread<GreedyOrder, GreedyAnswers, never, never>({
      name: "greedy clients",
      module: oneModule(module),
      permissions: { net: [...new Set(hosts)] },
      clock: this.#clock,
      onError: (why) => {
        this.#over.reject(new Error(`Greedy clients failed: ${why}`));
        this.stop();
      },
    });
    this.#end = () => thread.end(new Error("The greedy clients were stopped"));
    // The duration does not include the start of the thread.
    thread.ask(order).then(() => this.#stopAfter(durationMs), () => {
      // It was stopped, or has failed, before it began.
    });
  }

  #stopAfter(ms: number | undefined): void {
    if (ms === undefined || this.#isOver) return;
    this.#timer = this.#clock.after(ms, () => this.stop());
  }

  /** Lines that servers have answered, rightly or wrongly. */
  get touched(): number {
    return this.result.answered + this.result.wrong;
  }

  /** The results so far. */
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
    this.#end();
    this.#over.resolve(this.result);
  }
}
