/**
 * A herd with each server in a process of its own, as Redis and NATS have them,
 * with room for a subscriber at each.
 *
 * @module
 */
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { freshSecret } from "../../herd/net/handshake.ts";
import type { ServerOptions } from "../../herd/net/server_options.ts";
import { freePorts } from "../../sim/live/servers/ports.ts";
import {
  neighboursOf,
  type Topology,
} from "../../sim/model/topology/topology.ts";
import type { Processes, Program } from "./processes.ts";
import { type Subscription, watcherOf } from "./publish.ts";

export interface ProcessHerd extends AsyncDisposable {
  readonly ports: readonly number[];
  readonly servers: readonly Program[];
  /** Subscribers, one at each server. */
  readonly subscriptions: readonly Subscription[];
}

/** Starts one on free ports. Its links come up by themselves. */
export async function startProcessHerd(
  processes: Processes,
  topology: Topology,
  options: Partial<ServerOptions> = {},
): Promise<ProcessHerd> {
  const names = topology.servers.map(({ name }) => name);
  const free = freePorts(denoPlatform, 2 * names.length);
  const hostname = "127.0.0.1";
  const secret = freshSecret();
  const portOf = (name: string) => free[names.indexOf(name)]!;
  await using stack = new AsyncDisposableStack();
  const servers: Program[] = [];
  for (const [index, name] of names.entries()) {
    const watcher = {
      name: watcherOf(name),
      hostname,
      port: free[names.length + index]!,
    };
    const neighbours = neighboursOf(topology, name)
      .map((peer) => ({ name: peer, hostname, port: portOf(peer) }));
    const server: ServerOptions = {
      ...options,
      name,
      port: portOf(name),
      secret,
      neighbours: [...neighbours, watcher],
    };
    const target = stack.use(
      processes.module("target.ts", ["server", JSON.stringify(server)]),
    );
    servers.push(target);
    await target.ask("port");
  }
  const started = stack.move();
  return {
    ports: names.map(portOf),
    servers,
    subscriptions: names.map((server) => ({
      server,
      secret,
      port: portOf(server),
    })),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}
