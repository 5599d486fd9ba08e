/**
 * The main thread's side of the thread of a herd's proxies.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";
import { traceMemory } from "../../model/trace.ts";
import { oneModule } from "../../worlds/threads/one_module.ts";
import { Thread } from "../../worlds/threads/thread.ts";
import type { ProxyAnswers, ProxyQuestion } from "./proxies.ts";
import type { StartProxies } from "./proxy_worker.ts";

/** The thread of the proxies, which opens them when asked. */
export class ProxyThread {
  /**
   * The trace of what faults do to lines, if it is recorded; see `readTrace`.
   */
  readonly trace?: SharedArrayBuffer;
  readonly #thread: Thread<ProxyQuestion, ProxyAnswers, StartProxies, never>;

  /** Starts the thread; the seed decides random choices of faults. */
  constructor(clock: Clock, seed: number, isTraced: boolean) {
    if (isTraced) this.trace = traceMemory();
    // For packing, a worker's module must be a literal in a URL of its own.
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
      systemAheadMs: this.#thread.systemAheadMs,
      ...trace && { trace },
    });
  }

  /**
   * Sends a question or an order.
   *
   * @throws {Error} If the thread has ended, or can't carry it out.
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
