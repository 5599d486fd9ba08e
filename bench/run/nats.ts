/**
 * NATS servers for measuring, each linked to all others by a route.
 *
 * @module
 */
import { untilListening } from "./listening.ts";
import type { Processes } from "./processes.ts";

export const NATS_MISSING =
  "NATS is not installed; on Debian: apt-get install nats-server";

export interface Nats extends AsyncDisposable {
  readonly ports: readonly number[];
}

/** Starts `count` of them on free ports; `undefined` if it is not installed. */
export async function startNats(
  processes: Processes,
  count: number,
): Promise<Nats | undefined> {
  const free = processes.ports.take(2 * count);
  const ports = free.slice(0, count);
  const routePorts = free.slice(count);
  const routes = routePorts.map((port) => `nats://127.0.0.1:${port}`).join(",");
  await using stack = new AsyncDisposableStack();
  for (const [index, port] of ports.entries()) {
    const args = ["--addr", "127.0.0.1", "--port", String(port)].concat(
      ["--cluster_name", "bench", "--routes", routes],
      ["--cluster", `nats://127.0.0.1:${routePorts[index]}`],
    );
    try {
      stack.use(processes.daemon("nats-server", args));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
    await untilListening("nats-server", port);
  }
  const started = stack.move();
  return { ports, [Symbol.asyncDispose]: () => started.disposeAsync() };
}
