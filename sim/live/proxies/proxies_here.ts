/**
 * Proxies in this thread, for a world with a network of its own.
 *
 * @module
 */
import { LocalTrace, TraceWriter } from "../../model/trace.ts";
import type { Host } from "../../worlds/host.ts";
import { Proxies, type ProxyAnswers, type RunningProxies } from "./proxies.ts";

/** Like `proxyThread`, without a thread. */
export function proxiesHere(
  { platform: { clock }, sockets }: Host,
  seed: number,
  isTraced: boolean,
): RunningProxies {
  const trace = isTraced ? new LocalTrace() : undefined;
  const writer = trace && new TraceWriter([], trace);
  const proxies = new Proxies({ clock, sockets }, seed, writer);
  return {
    trace,
    ask: async (question) =>
      await proxies.answer(question) as ProxyAnswers[typeof question["ask"]],
    stop: () => proxies.stop(),
  };
}
