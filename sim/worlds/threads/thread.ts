/**
 * A thread: how it is started, ended, and spoken with. There is no other place
 * where one is.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";
import {
  type AnyQuestion,
  Asker,
  type AskOptions,
  type FromAsked,
  type ToAsked,
} from "../ask.ts";
import {
  answerClock,
  clockMemory,
  type ClockQuestion,
} from "./thread_clock.ts";

/** How a thread is started, and who hears of it. */
export interface ThreadOptions<Report> {
  /** What it is called. */
  readonly name: string;
  /** The module it runs; see `oneModule` for how to have it start quickly. */
  readonly module: URL;
  /** What it may do. */
  readonly permissions: Deno.PermissionOptionsObject;
  /** What tells the time on this side. */
  readonly clock: Clock;
  /** Hears what it says that is no answer. */
  readonly onReport?: (report: Report) => void;
  /** Hears that it has died of an error that nothing caught. */
  readonly onError: (why: string) => void;
}

/** Any message: they tell themselves apart by their kind. */
export interface Kinded {
  /** Which message it is. */
  readonly kind: string;
}

/**
 * A thread that was started.
 *
 * @typeParam Order What it is told beside questions.
 * @typeParam Report What it says beside answers.
 */
export class Thread<
  Q extends AnyQuestion,
  A extends { [K in Q["ask"]]: unknown },
  Order extends Kinded,
  Report extends Kinded,
> {
  /** In this its clock is set by ours; it is told so in its first message. */
  readonly clockMemory: SharedArrayBuffer = clockMemory();
  readonly #worker: Worker;
  readonly #asker: Asker<Q, A>;
  #hasEnded = false;

  /** Starts it. */
  constructor(options: ThreadOptions<Report>) {
    const { name, module, permissions, clock, onReport, onError } = options;
    this.#asker = new Asker(name, clock, (message) => this.#post(message));
    this.#worker = new Worker(module, {
      type: "module",
      name,
      deno: { permissions },
    });
    this.#worker.onmessage = (
      { data }: MessageEvent<FromAsked<A> | ClockQuestion | Report>,
    ) => {
      // What was still under way when it was ended is of no interest.
      if (this.#hasEnded) return;
      if (isAnswer<A>(data)) this.#asker.hear(data);
      else if (isClock(data)) answerClock(clock, this.clockMemory, data);
      else onReport?.(data);
    };
    this.#worker.onerror = (event) => {
      // Unprevented, the error of one thread would end the whole process.
      event.preventDefault();
      if (!this.#hasEnded) onError(event.message);
    };
  }

  /** Tells it something. */
  tell(order: Order): void {
    this.#post(order);
  }

  #post(message: Order | ToAsked<Q>): void {
    if (!this.#hasEnded) this.#worker.postMessage(message);
  }

  /**
   * Asks it, and waits for the answer.
   *
   * @throws {NoAnswer} If it can't, or does not answer in time.
   * @throws {Error} The reason of its end, if it ends.
   */
  async ask<K extends Q["ask"]>(
    question: Extract<Q, { readonly ask: K }>,
    options?: AskOptions,
  ): Promise<A[K]> {
    return await this.#asker.ask(question, options);
  }

  /** Ends it at once. All that it is asked fails for this reason. */
  end(reason: Error): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#worker.terminate();
    this.#asker.end(reason);
  }
}

function isAnswer<A>(message: Kinded): message is FromAsked<A> {
  return message.kind === "answer" || message.kind === "no-answer";
}

function isClock(message: Kinded): message is ClockQuestion {
  return message.kind === "clock";
}
