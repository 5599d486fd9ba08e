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
import type { OpenLoop, OpenLoopResult } from "./open_loop.ts";
import type { Processes } from "./processes.ts";
import { startRedis } from "./redis.ts";
import { Relays } from "./relays.ts";
import { startServers } from "./servers.ts";
import { LastArrivals, type Pace, tracedRun } from "./traced.ts";

/** The result of a turn, in milliseconds. */
export interface Turn {
  /** From the time an update was due until the last receiver had it. */
  readonly latency?: Latency | undefined;
  /** How late the generator was. */
  readonly late: Latency;
  /** Updates that did not reach all receivers. */
  readonly incomplete: number;
}

/** A running system, which takes turns. */
export interface Started extends AsyncDisposable {
  /** Sends updates at a steady rate. */
  turn(pace: Pace): Promise<Turn>;
}

/** A system to compare. */
export interface Entrant {
  readonly who: string;
  /** Who receives the updates. */
  readonly to: string;
  /** Starts it; `undefined` if it is not installed. */
  start(processes: Processes): Promise<Started | undefined>;
}

/** What is sent, and who has to receive it. */
type Load = Pick<OpenLoop, "protocol" | "publish" | "subscribe">;

async function openLoop(
  processes: Processes,
  pace: Pace,
  load: Load,
): Promise<OpenLoopResult> {
  const full: OpenLoop = { ...load, ...pace };
  await using generator = processes.module("open_loop.ts", [
    JSON.stringify(full),
  ]);
  return await generator.ask<OpenLoopResult>("result");
}

/** Each turn is an open loop, measured by subscribers. */
function subscribed(
  processes: Processes,
  stack: AsyncDisposableStack,
  load: Load,
): Started {
  const started = stack.move();
  return {
    turn: (pace) => openLoop(processes, pace, load),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

/** A herd as `deno task herd` runs it. */
export function threads(topology: string, mode: ProactiveMode): Entrant {
  return {
    who: `${topology}, ${mode}, a thread each`,
    to: "the last of 5 servers",
    async start(processes) {
      const options = { places: "none", trace: true, mode } as const;
      const herd = await Herd.start(topology, options);
      return {
        async turn(pace) {
          const run = await tracedRun(processes, herd, pace);
          return { ...run, incomplete: run.superseded };
        },
        [Symbol.asyncDispose]: () => herd[Symbol.asyncDispose](),
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
    async start(processes) {
      const herd = await Relays.start(loadTopology(topology), RELAY_LINES);
      return {
        async turn(pace) {
          const { late, sent, fromMs } = await openLoop(processes, pace, {
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
        },
        [Symbol.asyncDispose]: () => Promise.resolve(herd[Symbol.dispose]()),
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
    async start(processes) {
      await using stack = new AsyncDisposableStack();
      const herd = stack.use(
        await startServers(processes, topology, { mode }),
      );
      return subscribed(processes, stack, {
        protocol: "herd",
        publish: herd.servers.map(({ port }) => port),
        subscribe: herd.subscriptions,
      });
    },
  };
}

export const REDIS: Entrant = {
  who: "Redis, a primary and a replica",
  to: "a subscriber at the replica",
  async start(processes) {
    await using stack = new AsyncDisposableStack();
    const primary = await startRedis(processes);
    if (primary === undefined) return undefined;
    stack.use(primary);
    const replica = stack.use(
      (await startRedis(processes, { primary: primary.port }))!,
    );
    return subscribed(processes, stack, {
      protocol: "redis",
      publish: [primary.port],
      subscribe: [{ port: replica.port }],
    });
  },
};

const NATS_SERVERS = 3;

/** NATS with linked servers. */
export const NATS: Entrant = {
  who: `NATS core, ${NATS_SERVERS} servers with routes`,
  to: "the last of 2 subscribers, at the other servers",
  async start(processes) {
    await using stack = new AsyncDisposableStack();
    const nats = await startNats(processes, NATS_SERVERS);
    if (nats === undefined) return undefined;
    const [publish, ...others] = stack.use(nats).ports;
    return subscribed(processes, stack, {
      protocol: "nats",
      publish: [publish!],
      subscribe: others.map((port) => ({ port })),
    });
  },
};
