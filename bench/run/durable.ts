/**
 * Servers with different durability, and its cost.
 *
 * @module
 */
import type { Durability } from "../../herd/core/durability.ts";
import { Journal } from "../../herd/core/journal/journal.ts";
import { Store } from "../../herd/core/store/store.ts";
import { parseAtLine } from "../../herd/core/wire/message.ts";
import { Client } from "../../herd/net/client.ts";
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { freshSecret } from "../../herd/net/handshake.ts";
import { DEFAULT_TUNING } from "../../herd/core/tuning.ts";
import { JournalFiles } from "../../herd/net/journal_files.ts";
import { LimitLog } from "../../herd/net/limit_log.ts";
import { SILENT_LOG } from "../../herd/net/log.ts";
import { Server } from "../../herd/net/server.ts";
import { Tasks } from "../../herd/net/tasks.ts";
import { type Latency, latencyOf } from "../../sim/model/checks/latency.ts";
import { paced } from "./paced.ts";
import type { Processes } from "./processes.ts";
import { startServer, startServers } from "./servers.ts";

const { clock } = denoPlatform;
const PLACE = "+34.068930-118.445127";
/** The middle one has two neighbours. */
const TOPOLOGY = "line:3";
const MIDDLE = 1;
/** Records written to disk at a time. */
const BATCH = 10_000;

export interface DurableServer extends AsyncDisposable {
  readonly port: number;
}

/** Starts one, with neighbours if they must hold what it acknowledges. */
export async function startDurable(
  processes: Processes,
  durable: Durability,
): Promise<DurableServer> {
  await using stack = new AsyncDisposableStack();
  if (durable === "peer" || durable === "all") {
    const { servers } = stack.use(
      await startServers(processes, TOPOLOGY, { durable }),
    );
    return Object.assign(stack.move(), { port: servers[MIDDLE]!.port });
  }
  const dataDir = await Deno.makeTempDir({ prefix: "herd-bench-" });
  stack.defer(() => Deno.remove(dataDir, { recursive: true }));
  const options = durable === "disk" ? { durable, dataDir } : { durable };
  const { port } = stack.use(await startServer(processes, options));
  return Object.assign(stack.move(), { port });
}

/** How long acknowledgements take, with one fix in flight per client. */
export async function acknowledged(
  port: number,
  clients: number,
  ms: number,
): Promise<Latency | undefined> {
  const stopMs = clock.nowMs() + ms;
  const took: number[] = [];
  await Promise.all(Array.from({ length: clients }, async (_, nth) => {
    await using client = await Client.connect({ hostname: "127.0.0.1", port });
    while (clock.nowMs() < stopMs) {
      const beganMs = clock.nowMs();
      await client.iamat(`c${nth}`, PLACE);
      took.push(clock.nowMs() - beganMs);
    }
  }));
  return latencyOf(took);
}

/** Fills a folder with records, in a number of files. */
export async function fill(
  folder: string,
  records: number,
  files: number,
): Promise<void> {
  const store = new Store(1);
  const journal = new Journal(store);
  const tasks = new Tasks(SILENT_LOG);
  const host = {
    clock,
    log: SILENT_LOG,
    limitLog: new LimitLog(clock, SILENT_LOG),
    tasks,
    tuning: DEFAULT_TUNING,
  };
  for (let file = 0; file < files; file++) {
    const out = await JournalFiles.open(
      host,
      journal,
      denoPlatform.disk!,
      folder,
    );
    const end = Math.floor(records * (file + 1) / files);
    for (let nth = store.count; nth < end; nth++) {
      const line = `AT Alford +0.500000000 client-${nth} ${PLACE} 1621464827.5`;
      journal.add(store.merge(parseAtLine(line)!));
      if (nth % BATCH === 0) await out.commit();
    }
    await out.commit();
    await out.stop();
  }
  await tasks.done();
}

/** Starts a server in this process on a folder. */
export function startOn(dataDir: string): Promise<Server> {
  const secret = freshSecret();
  return Server.start({
    name: "Alford",
    port: 0,
    neighbours: [],
    secret,
    dataDir,
    // A million come back from disk, and others are added.
    limits: { clientsMax: 2_000_000, recordBytesMax: 1_073_741_824 },
  });
}

/** How long acknowledgements take at a steady rate of fixes, until `isOver`. */
export async function acknowledgedWhile(
  port: number,
  perSecond: number,
  isOver: () => boolean,
): Promise<Latency | undefined> {
  const address = { hostname: "127.0.0.1", port };
  await using client = await Client.connect(address);
  const took: number[] = [];
  const replies: Promise<void>[] = [];
  const send = async (at: number, dueMs: number) => {
    await client.iamat(`paced-${at % 1_000}`, PLACE);
    took.push(clock.nowMs() - dueMs);
  };
  await paced(
    perSecond,
    Infinity,
    (at, dueMs) => void replies.push(send(at, dueMs)),
    isOver,
  );
  await Promise.all(replies);
  return latencyOf(took);
}
