/**
 * Starts threads, ends them, and exchanges messages with them. Workers are
 * created nowhere else.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";
import {
  type AnyQuestion,
  type Ask,
  Asker,
  type FromAsked,
  isAnswer,
  type Kinded,
  type ToAsked,
} from "../ask.ts";
import { startAligned } from "./thread_clock.ts";

/** How a thread is started, and who gets its messages. */
export interface ThreadOptions<Report> {
  /** Its name in errors. */
  readonly name: string;
  /** The module it runs; `oneModule` makes it start quickly. */
  readonly module: URL;
  readonly permissions: Deno.PermissionOptionsObject;
  /** The clock of this side. */
  readonly clock: Clock;
  /** Called with messages that are not answers. */
  readonly onReport?: (report: Report) => void;
  /** Called when an uncaught error has ended it. */
  readonly onError: (why: string) => void;
}

/**
 * A thread that was started.
 *
 * @typeParam Order Messages to it other than questions.
 * @typeParam Report Messages from it other than answers.
 */
export class Thread<
  Q extends AnyQuestion,
  A extends { [K in Q["ask"]]: unknown },
  Order extends Kinded,
  Report extends Kinded,
> {
  /**
   * What sets its clock by ours; it gets it in its first message. See
   * `alignedOrigin`.
   */
  readonly systemAheadMs: number;
  /**
   * Asks it, and waits for the answer.
   *
   * @throws {NoAnswer} If it can't, or does not answer in time.
   * @throws {Error} The reason of its end, if it ends.
   */
  readonly ask: Ask<Q, A>;
  readonly #worker: Worker;
  readonly #asker: Asker<Q, A>;
  #hasEnded = false;

  constructor(options: ThreadOptions<Report>) {
    const { name, module, permissions, clock, onReport, onError } = options;
    this.#asker = new Asker(name, clock, (message) => this.#post(message));
    this.ask = this.#asker.ask;
    const { worker, systemAheadMs } = startAligned(
      clock,
      () => new Worker(module, { type: "module", name, deno: { permissions } }),
    );
    this.#worker = worker;
    this.systemAheadMs = systemAheadMs;
    worker.onmessage = ({ data }: MessageEvent<FromAsked<A> | Report>) => {
      // A thread that was ended has nothing more to say.
      if (this.#hasEnded) return;
      if (isAnswer<A>(data)) this.#asker.hear(data);
      else onReport?.(data);
    };
    worker.onerror = (event) => {
      // Otherwise the error of one thread would end the whole process.
      event.preventDefault();
      if (!this.#hasEnded) onError(event.message);
    };
  }

  tell(order: Order): void {
    this.#post(order);
  }

  #post(message: Order | ToAsked<Q>): void {
    if (!this.#hasEnded) this.#worker.postMessage(message);
  }

  /** Ends it at once. All open questions fail with this reason. */
  end(reason: Error): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#worker.terminate();
    this.#asker.end(reason);
  }
}
