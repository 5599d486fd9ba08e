/**
 * How costs grow with the number of records: memory, the time of an update, a
 * sync.
 *
 * @module
 */
import { atMost, median } from "../report/figures.ts";
import type { Findings } from "../report/results.ts";
import type { Burst, BurstLoad } from "../run/burst.ts";
import type { MemoryFigures } from "../run/memory.ts";
import { startServer } from "../run/servers.ts";
import { SyncPair } from "../run/sync_bytes.ts";
import type { Context, Section } from "./section.ts";

const TOPOLOGY = "2014";
const CLIENTS = [1_000, 10_000, 100_000, 1_000_000];
/** Measured updates, for each number of clients. */
const UPDATES = 1_000_000;
/** How often they are sent; the figure is the median. */
const CPU_TURNS = 3;
const IN_FLIGHT = 1_000;
const SYNC_HELD = 100_000;
const SYNC_DIFFERING = 10;

/**
 * Microseconds of one server's processor time per update, with so many clients.
 */
async function cpuUs(
  { processes }: Context,
  clients: number,
  updates: number,
): Promise<number> {
  await using server = await startServer(processes);
  const load: BurstLoad = {
    ports: [server.port],
    clients,
    inFlight: IN_FLIGHT,
  };
  await using generator = processes.module("burst.ts", [load]);
  const spent = async () => (await server.usage()).cpuUs;
  const burst = () => generator.answer<Burst>("burst");
  const bursts = Math.max(1, Math.round(updates / clients));
  // One to fill it, and as many again so that all code is compiled.
  for (let i = 0; i < 1 + Math.ceil(bursts / 2); i++) await burst();
  const figures: number[] = [];
  for (let turn = 0; turn < CPU_TURNS; turn++) {
    const before = await spent();
    for (let i = 0; i < bursts; i++) await burst();
    figures.push((await spent() - before) / (bursts * clients));
  }
  return median(figures);
}

async function growthRows(
  context: Context,
  sizes: readonly number[],
  updates: number,
) {
  const rows = [];
  for (const clients of sizes) {
    context.progress(`${clients} clients: processor time`);
    const cpu = await cpuUs(context, clients, updates);
    context.progress(`${clients} clients: memory`);
    const memory = await context.processes.answer<MemoryFigures>(
      "figures",
      "memory.ts",
      [TOPOLOGY, clients],
      ["--v8-flags=--expose-gc"],
    );
    const bytes = memory.heapBytes + memory.externalBytes;
    rows.push({ clients, cpu, ...memory, bytes });
  }
  return rows;
}

function syncRows(quick: boolean) {
  const held = quick ? [1_000] : [1_000, 10_000, SYNC_HELD];
  const differing = quick ? [0, 10] : [0, 1, SYNC_DIFFERING, 100, 1_000];
  return held.flatMap((records) => {
    const pair = new SyncPair(records);
    return differing.map((count) => ({
      records,
      differing: count,
      bytes: pair.heal(count).bytes,
    }));
  });
}

async function run(context: Context): Promise<Partial<Findings>> {
  const { quick, progress } = context;
  const sizes = quick ? [1_000] : CLIENTS;
  const rows = await growthRows(context, sizes, quick ? 5_000 : UPDATES);
  progress("sync");
  const syncs = syncRows(quick);
  return {
    notes: NOTES,
    tables: [
      { title: "By the number of clients", columns: COLUMNS, rows },
      {
        title: "Bytes of a sync, both ways together",
        columns: SYNC_COLUMNS,
        rows: syncs,
      },
    ],
    plots: [
      {
        name: "cpu",
        title: "Processor time of one server, an update",
        kind: "line",
        x: { key: "clients", title: "clients", scale: "log" },
        y: { key: "cpu", title: "µs" },
        series: "what",
        rows: rows.map((row) => ({ ...row, what: "one server" })),
      },
      {
        name: "sync",
        title: "Bytes of a sync",
        kind: "line",
        x: { key: "differing", title: "records that differ", scale: "log" },
        y: { key: "bytes", title: "bytes", scale: "log" },
        series: "held",
        rows: syncs.filter(({ differing }) => differing > 0).map((row) => ({
          ...row,
          held: `${row.records.toLocaleString("en-US")} held`,
        })),
      },
    ],
    figures: figuresOf(rows, syncs),
  };
}

/** The promised growth, and the measured one. */
function figuresOf(
  rows: Awaited<ReturnType<typeof growthRows>>,
  syncs: ReturnType<typeof syncRows>,
): Findings["figures"] {
  const cpus = rows.map(({ cpu }) => cpu);
  const middle = median(cpus);
  const spread = Math.max(...cpus.map((cpu) => Math.abs(cpu / middle - 1)));
  const sync = syncs.find(({ records, differing }) =>
    records === SYNC_HELD && differing === SYNC_DIFFERING
  );
  return [
    {
      what: "processor time of an update, off its median, " +
        "1,000 to 1,000,000 clients",
      measured: spread * 100,
      ...atMost(20, "%"),
    },
    {
      what: `memory of a record and server, 1,000,000 clients on ${TOPOLOGY}`,
      measured: rows.at(-1)!.bytes,
      ...atMost(250, "B"),
    },
    {
      what: `sync, ${SYNC_DIFFERING} of 100,000 records differing`,
      measured: sync?.bytes ?? null,
      ...atMost(60_000, "B"),
    },
  ];
}

const COLUMNS = [
  { key: "clients", title: "clients" },
  { key: "cpu", title: "µs an update", digits: 2 },
  { key: "bytes", title: "B a record", digits: 0 },
  { key: "heapBytes", title: "of them heap", digits: 0 },
  { key: "externalBytes", title: "external", digits: 0 },
  { key: "rssBytes", title: "growth of the process", digits: 0 },
];

const SYNC_COLUMNS = [
  { key: "records", title: "records" },
  { key: "differing", title: "that differ" },
  { key: "bytes", title: "bytes" },
];

const NOTES = [
  "Processor time: what the process of one server takes, user and system, for a " +
  "million updates of clients that it holds, in an order like random, on one " +
  "connection with up to 1,000 under way: the median of three turns, after one of " +
  "half as many.",
  `Memory: all five servers of ${TOPOLOGY} in one process, linked; what heap and ` +
  "external memory have grown by from one record to so many, after garbage " +
  "collection, by record and server. Few records share what a server takes at " +
  "the least.",
  "Sync: two servers that hold the same; their link is cut, so many clients move " +
  "at one of them, the link is healed. All bytes on the link until they are " +
  "equal, on the simulated network.",
];

export const growth: Section = {
  name: "growth",
  title: "Costs as the number of clients grows",
  seconds: 45,
  run,
};
