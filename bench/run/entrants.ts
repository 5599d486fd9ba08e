/**
 * What latency is compared of: herds, the platform's own minimum, Redis and
 * NATS.
 *
 * @module
 */
import { delay } from "@std/async";
import { Herd } from "../../sim/live/herd/herd.ts";
import { loadTopology } from "../../sim/live/herd/load.ts";
import { type Latency, latencyOf } from "../../sim/model/checks/latency.ts";
import type { ProactiveMode } from "./modes.ts";
import { startNats } from "./nats.ts";
import type { Processes } from "./processes.ts";
import { startRedis } from "./redis.ts";
import { startRelays } from "./relays.ts";
import { startServers } from "./servers.ts";
import { LastArrivals, openLoop, type Pace, tracedRun } from "./traced.ts";

/** The result of a turn, in milliseconds. */
export interface Turn {
  /** From the time an update was due until the last receiver had it. */
  readonly latency?: Latency | undefined;
  /** How late the generator was. */
  readonly late: Latency;
  /** Updates that did not reach all receivers. */
  readonly incomplete: number;
}

/** A system to compare. */
export interface Entrant {
  readonly who: string;
  /** Who receives the updates. */
  readonly to: string;
  /**
   * Starts it, for as long as the stack lasts.
   *
   * @returns How it takes a turn, in which updates are sent at a steady rate;
   * `undefined` if it is not installed.
   */
  start(
    processes: Processes,
    stack: AsyncDisposableStack,
  ): Promise<((pace: Pace) => Promise<Turn>) | undefined>;
}

/** A herd as `deno task herd` runs it. */
export function threads(topology: string, mode: ProactiveMode): Entrant {
  return {
    who: `${topology}, ${mode}, a thread each`,
    to: "the last of 5 servers",
    async start(processes, stack) {
      const options = { places: "none", trace: true, mode } as const;
      const herd = stack.use(await Herd.start(topology, options));
      return async (pace) => {
        const run = await tracedRun(processes, herd, pace);
        return { ...run, incomplete: run.superseded };
      };
    },
  };
}

const RELAY_LINES = 100_000;
/** Milliseconds that the last lines may take. */
const RELAYED_MS = 200;

/** The lower bound for a herd. */
export function relays(topology: string): Entrant {
  return {
    who: `${topology}, bare Deno relays, a thread each`,
    to: "the last of 5 relays",
    async start(processes, stack) {
      const herd = stack.use(
        await startRelays(loadTopology(topology), RELAY_LINES),
      );
      return async (pace) => {
        const { late, sent, fromMs } = await openLoop(processes, {
          ...pace,
          protocol: "herd",
          publish: herd.ports,
          subscribe: [],
        });
        await delay(RELAYED_MS);
        const last = new LastArrivals(herd.ports.length);
        for (const { dueMs, atMs } of herd.arrivals()) {
          if (dueMs >= fromMs) last.add(dueMs, atMs);
        }
        const latenciesMs = last.latenciesMs();
        const incomplete = sent - latenciesMs.length;
        return { latency: latencyOf(latenciesMs), late, incomplete };
      };
    },
  };
}

/**
 * A herd of processes, for an exact comparison with the subscribers of Redis
 * and NATS.
 */
export function processHerd(topology: string, mode: ProactiveMode): Entrant {
  return {
    who: `${topology}, ${mode}, a process each`,
    to: "the last of 5 subscribers, one at each server",
    async start(processes, stack) {
      const herd = stack.use(
        await startServers(processes, topology, { mode }),
      );
      const publish = herd.servers.map(({ port }) => port);
      const subscribe = herd.subscriptions;
      return (pace) =>
        openLoop(processes, { ...pace, protocol: "herd", publish, subscribe });
    },
  };
}

export const REDIS: Entrant = {
  who: "Redis, a primary and a replica",
  to: "a subscriber at the replica",
  async start(processes, stack) {
    const primary = stack.use(await startRedis(processes));
    if (primary === undefined) return undefined;
    const publish = [primary.port];
    const replica = stack.use(
      (await startRedis(processes, { primary: primary.port }))!,
    );
    const subscribe = [{ port: replica.port }];
    return (pace) =>
      openLoop(processes, { ...pace, protocol: "redis", publish, subscribe });
  },
};

const NATS_SERVERS = 3;

/** NATS with linked servers. */
export const NATS: Entrant = {
  who: `NATS core, ${NATS_SERVERS} servers with routes`,
  to: "the last of 2 subscribers, at the other servers",
  async start(processes, stack) {
    const nats = stack.use(await startNats(processes, NATS_SERVERS));
    if (nats === undefined) return undefined;
    const publish = nats.ports.slice(0, 1);
    const subscribe = nats.ports.slice(1).map((port) => ({ port }));
    return (pace) =>
      openLoop(processes, { ...pace, protocol: "nats", publish, subscribe });
  },
};
