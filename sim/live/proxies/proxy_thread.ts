/**
 * The thread of a herd's proxies, as the main thread holds it.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";
import { traceMemory } from "../../model/trace.ts";
import { oneModule } from "../../worlds/threads/one_module.ts";
import { Thread } from "../../worlds/threads/thread.ts";
import type { ProxyAnswers, ProxyQuestion } from "./proxies.ts";
import type { StartProxies } from "./proxy_worker.ts";

/** The thread of the proxies, which opens them as it is asked to. */
export class ProxyThread {
  /** What its faults made of lines, if that is recorded; see `readTrace`. */
  readonly trace?: SharedArrayBuffer;
  readonly #thread: Thread<ProxyQuestion, ProxyAnswers, StartProxies, never>;

  /** Starts the thread; what its faults hit by chance follows from the seed. */
  constructor(clock: Clock, seed: number, isTraced: boolean) {
    if (isTraced) this.trace = traceMemory();
    // To be packed, a worker must be named by a literal in a URL of its own.
    const module = new URL(import.meta.resolve("./proxy_worker.ts"));
    this.#thread = new Thread({
      name: "proxies",
      module: oneModule(module),
      permissions: { net: ["127.0.0.1"] },
      clock,
      onError: (why) => this.#end(why),
    });
    const { trace } = this;
    this.#thread.tell({
      kind: "start",
      seed,
      clock: this.#thread.clockMemory,
      ...trace && { trace },
    });
  }

  /**
   * Asks the thread, or has it do something.
   *
   * @throws {Error} If it has ended, or can't.
   */
  async ask<K extends ProxyQuestion["ask"]>(
    question: Extract<ProxyQuestion, { readonly ask: K }>,
  ): Promise<ProxyAnswers[K]> {
    return await this.#thread.ask<K>(question);
  }

  /** Ends the thread, and with it all proxies and their connections. */
  stop(): void {
    this.#end("they were stopped");
  }

  #end(why: string): void {
    this.#thread.end(new Error(`The links' proxies ended: ${why}`));
  }
}
