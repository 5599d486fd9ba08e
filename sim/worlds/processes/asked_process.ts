/**
 * A module of this project in a process of its own: how it is ended and spoken
 * with, as `thread.ts` does it for threads.
 *
 * @module
 */
import { abortable } from "@std/async";
import type { Clock } from "../../../herd/net/platform.ts";
import { Deadline } from "../../../herd/net/timing.ts";
import {
  type AnyQuestion,
  type Ask,
  Asker,
  type FromAsked,
  isAnswer,
  type Kinded,
} from "../ask.ts";
import type { Spawned } from "../spawned.ts";

export interface ProcessOptions<Report> {
  /** What it is called. */
  readonly name: string;
  readonly spawned: Spawned;
  readonly clock: Clock;
  /** Hears what it says that is no answer. */
  readonly onReport?: (report: Report) => void;
  /** Hears that it has ended by itself, and how. */
  readonly onEnd?: (why: string) => void;
  /** The error of questions that it did not answer then. */
  readonly errorOf?: (why: string) => Error;
}

/**
 * A process that was started.
 *
 * @typeParam Order What it is told beside questions.
 * @typeParam Report What it says beside answers.
 */
export class AskedProcess<
  Q extends AnyQuestion,
  A extends { [K in Q["ask"]]: unknown },
  Order extends Kinded,
  Report extends Kinded,
> implements AsyncDisposable {
  /** Resolves when it has ended, and all that it said was heard. */
  readonly ended: Promise<void>;
  /**
   * Asks it, and waits for the answer.
   *
   * @throws {NoAnswer} If it can't, or does not answer in time.
   * @throws {Error} The reason of its end, if it ends.
   */
  readonly ask: Ask<Q, A>;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #spawned: Spawned;
  readonly #asker: Asker<Q, A>;
  #hasEnded = false;

  /** Takes one that was started. */
  constructor(options: ProcessOptions<Report>) {
    const { name, spawned, clock } = options;
    this.#name = name;
    this.#clock = clock;
    this.#spawned = spawned;
    this.#asker = new Asker(name, clock, (question) => spawned.tell(question));
    this.ask = this.#asker.ask;
    this.ended = this.#watch(options);
  }

  async #watch(options: ProcessOptions<Report>): Promise<void> {
    const { name, onReport, onEnd } = options;
    const { errorOf = (why) => new Error(`${name} ${why}`) } = options;
    const { said, ended } = this.#spawned;
    for await (const message of said as AsyncIterable<FromAsked<A> | Report>) {
      if (this.#hasEnded) continue;
      if (isAnswer<A>(message)) this.#asker.hear(message);
      else onReport?.(message);
    }
    const why = await ended;
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#asker.end(errorOf(`has failed: ${why}`));
    onEnd?.(why);
  }

  /** Tells it something. */
  tell(order: Order): void {
    this.#spawned.tell(order);
  }

  /** Ends it at once. All that it is asked fails for this reason. */
  kill(reason: Error): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#spawned.kill();
    this.#asker.end(reason);
  }

  /** Has it end by itself, and if that takes too long, ends it. */
  async stop(graceMs: number): Promise<void> {
    this.#hasEnded = true;
    this.#spawned.closeInput();
    using late = new Deadline(this.#clock, graceMs);
    try {
      await abortable(this.ended, late.signal);
    } catch (error) {
      if (!late.signal.aborted) throw error;
      this.#spawned.kill();
      await this.ended;
    }
    this.#asker.end(new Error(`${this.#name} was stopped`));
  }

  /** As {@linkcode AskedProcess.stop}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop(GRACE_MS);
  }
}

const GRACE_MS = 5_000;
