/**
 * The links' proxies, as the main thread holds them.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";
import { traceMemory } from "../../model/trace.ts";
import { oneModule } from "../../worlds/threads/one_module.ts";
import { answerClock, clockMemory } from "../../worlds/threads/thread_clock.ts";
import type {
  FromLinks,
  LinksAnswers,
  LinksQuestion,
  ToLinks,
} from "./links_worker.ts";

/** The worker of the proxies, which opens them as it is asked to. */
export class Links {
  readonly #worker: Worker;
  readonly #asked = new Map<
    number,
    PromiseWithResolvers<LinksAnswers[keyof LinksAnswers]>
  >();
  /** What its faults made of lines, if that is recorded; see `readTrace`. */
  readonly trace?: SharedArrayBuffer;
  readonly #clock = clockMemory();
  #nextNumber = 1;
  #endedWhy: string | undefined;

  /** Starts the worker; what its faults hit by chance follows from the seed. */
  constructor(clock: Clock, seed: number, isTraced: boolean) {
    if (isTraced) this.trace = traceMemory();
    // To be packed, a worker must be named by a literal in a URL of its own.
    const module = new URL(import.meta.resolve("./links_worker.ts"));
    this.#worker = new Worker(oneModule(module), {
      type: "module",
      name: "links",
      deno: { permissions: { net: ["127.0.0.1"] } },
    });
    this.#worker.onmessage = ({ data }: MessageEvent<FromLinks>) => {
      if (data.kind === "clock") {
        return answerClock(clock, this.#clock, data);
      }
      const asked = this.#asked.get(data.number);
      this.#asked.delete(data.number);
      if (data.kind === "answer") asked?.resolve(data.answer);
      else asked?.reject(new Error(`Cannot do it on the links: ${data.why}`));
    };
    this.#worker.onerror = (event) => {
      // Unprevented, the error would end the whole process.
      event.preventDefault();
      this.#end(event.message);
    };
    const { trace } = this;
    this.#post({
      kind: "start",
      seed,
      clock: this.#clock,
      ...trace && { trace },
    });
  }

  /**
   * Asks the worker, or has it do something.
   *
   * @throws {Error} If the worker has ended, or can't.
   */
  async ask<K extends LinksQuestion["ask"]>(
    question: Extract<LinksQuestion, { readonly ask: K }>,
  ): Promise<LinksAnswers[K]> {
    if (this.#endedWhy !== undefined) throw ended(this.#endedWhy);
    const number = this.#nextNumber++;
    const asked = Promise.withResolvers<LinksAnswers[keyof LinksAnswers]>();
    this.#asked.set(number, asked);
    this.#post({ kind: "ask", number, question });
    return await asked.promise as LinksAnswers[K];
  }

  /** Ends the worker, and with it all proxies and their connections. */
  stop(): void {
    this.#end("they were stopped");
  }

  #post(message: ToLinks): void {
    this.#worker.postMessage(message);
  }

  #end(why: string): void {
    this.#endedWhy ??= why;
    this.#worker.terminate();
    for (const asked of this.#asked.values()) asked.reject(ended(why));
    this.#asked.clear();
  }
}

function ended(why: string): Error {
  return new Error(`The links' proxies ended: ${why}`);
}
