/**
 * Proxies in this thread, for a world with a network of its own.
 *
 * @module
 */
import { LocalTrace, TraceWriter } from "../../model/trace.ts";
import type { Host } from "../../worlds/host.ts";
import { Proxies, type ProxyAnswers, type ProxyQuestion } from "./proxies.ts";

/** Like `ProxyThread`, without a thread. */
export class ProxiesHere {
  /**
   * The trace of what faults do to lines, if it is recorded; see `readTrace`.
   */
  readonly trace?: LocalTrace;
  readonly #proxies: Proxies;

  /** Starts without proxies; the seed decides random choices of faults. */
  constructor(host: Host, seed: number, isTraced: boolean) {
    if (isTraced) this.trace = new LocalTrace();
    const { platform: { clock }, sockets } = host;
    const writer = this.trace && new TraceWriter([], this.trace);
    this.#proxies = new Proxies({ clock, sockets }, seed, writer);
  }

  /** Sends a question or an order. */
  async ask<K extends ProxyQuestion["ask"]>(
    question: Extract<ProxyQuestion, { readonly ask: K }>,
  ): Promise<ProxyAnswers[K]> {
    return await this.#proxies.answer(question) as ProxyAnswers[K];
  }

  /** Closes all proxies, with their connections. */
  stop(): void {
    this.#proxies.stop();
  }
}
