/**
 * The proxies of a herd in this thread, where its world has a network of its
 * own.
 *
 * @module
 */
import { LocalTrace, TraceWriter } from "../../model/trace.ts";
import type { Host } from "../../worlds/host.ts";
import { Proxies, type ProxyAnswers, type ProxyQuestion } from "./proxies.ts";

/** As `ProxyThread`, without a thread. */
export class ProxiesHere {
  /** What its faults made of lines, if that is recorded; see `readTrace`. */
  readonly trace?: LocalTrace;
  readonly #proxies: Proxies;

  /** No proxies yet; what faults hit by chance follows from the seed. */
  constructor(host: Host, seed: number, isTraced: boolean) {
    if (isTraced) this.trace = new LocalTrace();
    const { platform: { clock }, sockets } = host;
    const writer = this.trace && new TraceWriter([], this.trace);
    this.#proxies = new Proxies({ clock, sockets }, seed, writer);
  }

  /** Asks them, or has them do something. */
  async ask<K extends ProxyQuestion["ask"]>(
    question: Extract<ProxyQuestion, { readonly ask: K }>,
  ): Promise<ProxyAnswers[K]> {
    return await this.#proxies.answer(question) as ProxyAnswers[K];
  }

  /** Ends them all, with their connections. */
  stop(): void {
    this.#proxies.stop();
  }
}
