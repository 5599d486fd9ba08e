/**
 * The memory cost of a record: a process of its own that runs a whole herd of
 * linked servers, receives fixes of a number of clients, and reports how much
 * it has grown. Takes the topology and the number of clients; needs
 * `--v8-flags=--expose-gc`.
 *
 * @module
 */
import { PortLease } from "../../sim/worlds/port_lease.ts";
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { Server } from "../../herd/net/server.ts";
import { loadTopology } from "../../sim/live/herd/load.ts";
import { serversOf } from "../../sim/live/herd/plan.ts";
import { Feeder } from "./feeder.ts";
import { inTime } from "./in_time.ts";
import { ownArgs, serve } from "./serve.ts";

const POLL_MS = 50;

/** How much a herd has grown while it was filled. */
export interface MemoryFigures {
  /** Bytes of JavaScript objects, per record and server. */
  readonly heapBytes: number;
  /** Bytes of buffers outside the heap, per record and server. */
  readonly externalBytes: number;
  /** Bytes of the process's resident memory, per record and server. */
  readonly rssBytes: number;
}

function collectGarbage(): void {
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) throw new Error("Needs --v8-flags=--expose-gc");
  gc();
}

/** Waits until all hold so many records, and have nothing more to send. */
async function settled(
  servers: readonly Server[],
  records: number,
): Promise<void> {
  const isDone = (server: Server) => {
    const stats = server.stats();
    return stats.records === records && stats.queued === 0;
  };
  await inTime(() => servers.every(isDone), Infinity, POLL_MS);
}

async function measure(
  topology: string,
  records: number,
): Promise<MemoryFigures> {
  using free = new PortLease(denoPlatform);
  const starts = serversOf(loadTopology(topology), {}, { free });
  const servers = await Promise.all(
    starts.map(({ name, port, neighbours, secret }) =>
      Server.start({ name, port, neighbours, secret })
    ),
  );
  const feeder = await Feeder.connect(starts[0]!, records);
  // One of each, so that all code is loaded and compiled.
  await feeder.send(1);
  await settled(servers, 1);
  collectGarbage();
  const before = Deno.memoryUsage();
  await feeder.send(records - 1);
  await settled(servers, records);
  // What the next sync will need counts too.
  for (const server of servers) server.digest();
  collectGarbage();
  const after = Deno.memoryUsage();
  const each = (of: "heapUsed" | "external" | "rss") =>
    (after[of] - before[of]) / records / servers.length;
  await feeder[Symbol.asyncDispose]();
  await Promise.all(servers.map((server) => server.stop()));
  return {
    heapBytes: each("heapUsed"),
    externalBytes: each("external"),
    rssBytes: each("rss"),
  };
}

const [topology, records] = ownArgs<[string, number]>();
await serve({ figures: () => measure(topology, records) });
