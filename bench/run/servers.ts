/**
 * Servers that are measured, each in a process of its own, as Redis and NATS
 * have them: the world of processes runs them. In a herd there is room for a
 * subscriber at each.
 *
 * @module
 */
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { freshSecret } from "../../herd/net/handshake.ts";
import { loadTopology } from "../../sim/live/herd/load.ts";
import { serversOf } from "../../sim/live/herd/plan.ts";
import type { HerdOptions } from "../../sim/live/herd/start_options.ts";
import type { ProcessHandle } from "../../sim/worlds/processes/own_processes.ts";
import type { Usage } from "../../sim/worlds/processes/wire.ts";
import type { ServerReport, ServerStart } from "../../sim/worlds/world.ts";
import type { Processes } from "./processes.ts";
import { type Subscription, watcherOf } from "./publish.ts";

const { clock } = denoPlatform;
const HOSTNAME = "127.0.0.1";

/** One server that listens. */
export class ProcessServer implements AsyncDisposable {
  readonly port: number;
  readonly #handle: ProcessHandle;
  readonly #started = Promise.withResolvers<void>();
  #linksLost = 0;

  private constructor({ world }: Processes, start: ServerStart) {
    this.port = start.port;
    const onReport = (report: ServerReport) => this.#hear(report);
    this.#handle = world.start(start, { clock, onReport });
  }

  /** @throws {Error} If it does not start. */
  static async start(
    processes: Processes,
    start: ServerStart,
  ): Promise<ProcessServer> {
    const server = new ProcessServer(processes, start);
    await server.#started.promise;
    return server;
  }

  #hear(report: ServerReport): void {
    if (report.kind === "listening") this.#started.resolve();
    else if ("why" in report) this.#started.reject(new Error(report.why));
    else if (report.kind === "event" && report.event.kind === "link-down") {
      this.#linksLost++;
    }
  }

  /** What its process has used, and how often a link has gone down. */
  async usage(): Promise<Usage & { linksLost: number }> {
    const usage = await this.#handle.usage();
    return { ...usage, linksLost: this.#linksLost };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#handle.kill();
    await this.#handle.ended;
  }
}

/** Starts one without neighbours. */
export async function startServer(
  processes: Processes,
  options: Pick<ServerStart, "durable" | "dataDir"> = {},
): Promise<ProcessServer> {
  return await ProcessServer.start(processes, {
    name: "Alford",
    hostname: HOSTNAME,
    port: processes.ports.take(1)[0]!,
    neighbours: [],
    secret: freshSecret(),
    ...options,
  });
}

export interface ProcessHerd extends AsyncDisposable {
  readonly servers: readonly ProcessServer[];
  /** Subscribers, one at each server. */
  readonly subscriptions: readonly Subscription[];
}

/** Starts one on free ports. Its links come up by themselves. */
export async function startServers(
  processes: Processes,
  topology: string,
  options: HerdOptions = {},
): Promise<ProcessHerd> {
  const { ports: free } = processes;
  const starts = serversOf(loadTopology(topology), options, { free });
  const watchers = free.take(starts.length);
  await using stack = new AsyncDisposableStack();
  const servers: ProcessServer[] = [];
  for (const [index, start] of starts.entries()) {
    const watcher = {
      name: watcherOf(start.name),
      hostname: HOSTNAME,
      port: watchers[index]!,
    };
    const neighbours = [...start.neighbours, watcher];
    const server = await ProcessServer.start(processes, {
      ...start,
      neighbours,
    });
    servers.push(stack.use(server));
  }
  const subscriptions = starts.map(({ name: server, secret, port }) => ({
    server,
    secret,
    port,
  }));
  return Object.assign(stack.move(), { servers, subscriptions });
}
