/**
 * The main thread's side of the thread of a herd's proxies.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";
import { traceMemory } from "../../model/trace.ts";
import { oneModule } from "../../worlds/threads/one_module.ts";
import { Thread } from "../../worlds/threads/thread.ts";
import type { ProxyAnswers, ProxyQuestion, RunningProxies } from "./proxies.ts";
import type { StartProxies } from "./proxy_worker.ts";

/**
 * Starts the thread of the proxies, which opens them when asked.
 *
 * @param seed Decides random choices of faults.
 */
export function proxyThread(
  clock: Clock,
  seed: number,
  isTraced: boolean,
): RunningProxies {
  const trace = isTraced ? traceMemory() : undefined;
  // For packing, a worker's module must be a literal in a URL of its own.
  const module = new URL(import.meta.resolve("./proxy_worker.ts"));
  const end = (why: string) =>
    thread.end(new Error(`The links' proxies ended: ${why}`));
  const thread = new Thread<ProxyQuestion, ProxyAnswers, StartProxies, never>({
    name: "proxies",
    module: oneModule(module),
    permissions: { net: ["127.0.0.1"] },
    clock,
    onError: end,
  });
  const { ask, systemAheadMs } = thread;
  thread.tell({ kind: "start", seed, systemAheadMs, ...trace && { trace } });
  return { trace, ask, stop: () => end("they were stopped") };
}
