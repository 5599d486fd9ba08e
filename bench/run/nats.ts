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
  if (!await processes.has("nats-server")) return undefined;
  const free = processes.ports.take(2 * count);
  const ports = free.slice(0, count);
  const routePorts = free.slice(count);
  const routes = routePorts.map((port) => `nats://127.0.0.1:${port}`).join(",");
  await using stack = new AsyncDisposableStack();
  for (const [index, port] of ports.entries()) {
    stack.use(processes.daemon("nats-server", [
      ...["--addr", "127.0.0.1", "--port", String(port)],
      ...["--cluster_name", "bench", "--routes", routes],
      ...["--cluster", `nats://127.0.0.1:${routePorts[index]}`],
    ]));
    await untilListening("nats-server", port);
  }
  return Object.assign(stack.move(), { ports });
}
