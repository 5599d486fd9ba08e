/**
 * How long a client waits while others send as fast as a server reads, and how
 * much memory that takes.
 *
 * @module
 */
import { atMost } from "../report/figures.ts";
import type { Figure, Findings, Row } from "../report/results.ts";
import {
  CLIENT_FLOODS,
  type Flood,
  type FloodOptions,
  isSteady,
  LINK_FLOODS,
  MEMORY_FLOODS,
} from "../run/flood.ts";
import type { Program } from "../run/processes.ts";
import {
  type ProcessServer,
  startServer,
  startServers,
} from "../run/servers.ts";
import { delay } from "@std/async";
import { waitsAt } from "../run/waits.ts";
import type { Context, Section } from "./section.ts";

const TITLES: Readonly<Record<Flood, string>> = {
  iamats: "plain IAMATs",
  garbage: "60 kB garbage lines",
  ids: "60 kB IDs",
  numbers: "30 kB numbers",
  ats: "a neighbour's AT lines",
  ihaves: "a neighbour's IHAVE lists",
  unread: "60 kB answers that nobody reads",
  halves: "60 kB lines that do not end",
  newcomers: "clients with 1 kB IDs",
};
const CROWD = 100;
const MEMORY_CROWD = 1_000;
const TOPOLOGY = "2014";
const P99 = atMost(100, "ms");
const MEMORY = atMost(1_024, "MiB");
const BYTES_PER_MIB = 1_048_576;
const MEASURE_MS = 8_000;
const QUICK_MS = 300;
/** Milliseconds of flood before the client starts. */
const LEAD_MS = 500;
/** Milliseconds between two measurements of a server's memory. */
const LOOK_MS = 100;
/** Milliseconds after the end of a flood. */
const REST_MS = 10_000;

/** Starts a flood in a process, and waits until it has begun. */
async function startFlood(
  { processes, quick }: Context,
  options: FloodOptions,
): Promise<Program> {
  const flooding = processes.module("flood.ts", [options]);
  await flooding.answer("begun");
  await delay(quick ? 0 : LEAD_MS);
  return flooding;
}

/** A server of which one can ask what it has used. */
type Used = Pick<ProcessServer, "usage">;

function msOf({ quick }: Context): number {
  return quick ? QUICK_MS : MEASURE_MS;
}

/** Measures a server's memory until it is called; the maximum then, in MiB. */
export function watchMemory(server: Used): () => Promise<number> {
  let isOver = false;
  const watch = async () => {
    let most = 0;
    do {
      most = Math.max(most, await memoryOf(server));
      await delay(LOOK_MS);
    } while (!isOver);
    return most;
  };
  const most = watch();
  // It fails with its server, of whose end others tell, and nobody may ask.
  most.catch(() => {});
  return () => {
    isOver = true;
    return most;
  };
}

async function memoryOf(server: Used): Promise<number> {
  return (await server.usage()).rssBytes / BYTES_PER_MIB;
}

/**
 * How many connections of a flood have stayed open; `null` if it does not go on
 * anyway. What is written is no measure: for long the kernel takes it.
 */
async function openOf(flooding: Program, flood: Flood): Promise<number | null> {
  const open = await flooding.answer<number>("open");
  return isSteady(flood) ? open : null;
}

/** One server without links: its client's waits, and its memory. */
async function measureOne(
  context: Context,
  flood: Flood,
  connections: number,
): Promise<Row> {
  const { processes, quick, progress } = context;
  progress(`${TITLES[flood]}, ${connections} connections`);
  await using server = await startServer(processes);
  const { port } = server;
  // So that all code is loaded and compiled.
  await waitsAt(port, QUICK_MS);
  const before = await memoryOf(server);
  const mostMemory = watchMemory(server);
  await using flooding = await startFlood(context, {
    port,
    flood,
    connections,
  });
  const waits = await waitsAt(port, msOf(context));
  const open = await openOf(flooding, flood);
  const most = await mostMemory();
  // It ends here, and with whatever fails before.
  await flooding[Symbol.asyncDispose]();
  await delay(quick ? 0 : REST_MS);
  const after = await memoryOf(server);
  return {
    flood: TITLES[flood],
    connections,
    open,
    ...waits,
    before,
    most,
    after,
  };
}

/** A herd with one flooded server: the waits of clients of two servers. */
async function measureHerd(context: Context, flood: Flood): Promise<Row> {
  const { processes, progress } = context;
  progress(`${TOPOLOGY}, ${TITLES[flood]}`);
  await using herd = await startServers(processes, TOPOLOGY);
  const { port } = herd.servers[0]!;
  const [subscription] = herd.subscriptions;
  const isLink = LINK_FLOODS.some((it) => it === flood);
  await delay(LEAD_MS);
  await using flooding = await startFlood(context, {
    port,
    flood,
    connections: 1,
    ...isLink && subscription && { subscription },
  });
  const [there, elsewhere] = await Promise.all([
    waitsAt(port, msOf(context)),
    waitsAt(herd.servers.at(-1)!.port, msOf(context)),
  ]);
  const open = await openOf(flooding, flood);
  const usages = await Promise.all(herd.servers.map((it) => it.usage()));
  return {
    flood: TITLES[flood],
    open,
    ...there,
    elsewhere: elsewhere.p99,
    linksLost: usages.reduce((sum, { linksLost }) => sum + linksLost, 0),
    memory: Math.max(...usages.map((it) => it.rssBytes)) / BYTES_PER_MIB,
  };
}

/** What was measured beside a flood; nothing, if there was none meanwhile. */
function besideFlood(row: Row, key: string): number | null {
  return row["open"] === 0 ? null : Number(row[key]);
}

/** Figures of one server's rows and a herd's. */
export function figuresOf(
  one: readonly Row[],
  herd: readonly Row[],
): Figure[] {
  return [
    ...one.flatMap((row): Figure[] => {
      const beside = `${row["flood"]}, ${row["connections"]} flooding`;
      return [
        {
          ...P99,
          what: `p99 beside ${beside}`,
          measured: besideFlood(row, "p99"),
        },
        {
          ...MEMORY,
          what: `memory under ${beside}`,
          measured: besideFlood(row, "most"),
        },
      ];
    }),
    ...herd.flatMap((row): Figure[] => [
      {
        ...P99,
        what: `p99 on ${TOPOLOGY} beside ${row["flood"]}`,
        measured: besideFlood(row, "p99"),
      },
      {
        what: `links of ${TOPOLOGY} lost under ${row["flood"]}`,
        measured: besideFlood(row, "linksLost"),
        ...atMost(0, ""),
      },
    ]),
  ];
}

async function run(context: Context): Promise<Partial<Findings>> {
  const one: Row[] = [];
  for (const connections of [1, CROWD]) {
    for (const flood of CLIENT_FLOODS) {
      one.push(await measureOne(context, flood, connections));
    }
  }
  for (const flood of MEMORY_FLOODS) {
    one.push(await measureOne(context, flood, MEMORY_CROWD));
  }
  const herd: Row[] = [];
  for (const flood of [...CLIENT_FLOODS, ...LINK_FLOODS]) {
    herd.push(await measureHerd(context, flood));
  }
  const open = { key: "open", title: "still open" };
  const waits = [
    { key: "samples", title: "replies" },
    { key: "p50", title: "p50 ms", digits: 1 },
    { key: "p99", title: "p99 ms", digits: 1 },
    { key: "max", title: "max ms", digits: 1 },
  ];
  return {
    notes: [
      "Floods come from a process of their own, on as many connections as are " +
      "told, as fast as the server takes them; another client sends an IAMAT, " +
      "waits for its reply, pauses for 5 ms and goes on. Beside a flood " +
      "of which no connection is still open at the end, nothing is measured. " +
      "Memory is that of the server's process, before the flood, at its most, " +
      "and 10 s after the end of the flood; of clients it is to hold what their lines have told.",
      `Of ${TOPOLOGY} each server is a process; the first is flooded, on one ` +
      "connection, and another client asks there, and one at the last server.",
    ],
    tables: [{
      title: "One server: another client's wait, and the server's memory",
      columns: [
        { key: "flood", title: "flood" },
        { key: "connections", title: "connections" },
        open,
        ...waits,
        { key: "before", title: "MiB before" },
        { key: "most", title: "MiB max" },
        { key: "after", title: "MiB after" },
      ],
      rows: one,
    }, {
      title: `${TOPOLOGY}: other clients' waits, and links`,
      columns: [
        { key: "flood", title: "flood" },
        open,
        ...waits,
        { key: "elsewhere", title: "p99 elsewhere, ms", digits: 1 },
        { key: "linksLost", title: "links lost" },
        { key: "memory", title: "MiB of the largest server" },
      ],
      rows: herd,
    }],
    figures: figuresOf(one, herd),
  };
}

export const fairness: Section = {
  name: "fairness",
  title: "A client beside floods",
  seconds: 330,
  run,
};
