/**
 * How long a client waits beside others that send as fast as a server takes it,
 * and how much memory that takes.
 *
 * @module
 */
import type { Figure, Findings, Row } from "../report/results.ts";
import { type Flood, FLOODS } from "../run/flood.ts";
import type { Context, Section } from "../section.ts";

const TITLES: Readonly<Record<Flood, string>> = {
  iamats: "plain IAMATs",
  garbage: "60 kB garbage lines",
  ids: "60 kB IDs",
  numbers: "30 kB numbers",
};
const CROWD = 100;
const P99_MS_MAX = 100;
const MEMORY_MIB_MAX = 1_024;
const BYTES_PER_MIB = 1_048_576;
const MEASURE_MS = 8_000;
const QUICK_MS = 300;
/** Of the flood before the client comes. */
const LEAD_MS = 500;
/** From one line of the client to the next. */
const PAUSE_MS = 5;
const READ_BYTES = 65_536;

/** The client's waits in milliseconds, the shortest first. */
async function waitsOf(port: number, forMs: number): Promise<number[]> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  conn.setNoDelay(true);
  const buffer = new Uint8Array(READ_BYTES);
  const waits: number[] = [];
  const endMs = performance.now() + forMs;
  do {
    const sentMs = performance.now();
    const line = `IAMAT other +1+1 ${1_800_000_000 + waits.length}\n`;
    await conn.write(new TextEncoder().encode(line));
    await conn.read(buffer);
    waits.push(performance.now() - sentMs);
    await pause(PAUSE_MS);
  } while (performance.now() < endMs);
  conn.close();
  return waits.sort((a, b) => a - b);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[
    Math.min(sorted.length - 1, Math.floor(sorted.length * share))
  ]!;
}

async function measure(
  { processes, quick, progress }: Context,
  flood: Flood,
  connections: number,
): Promise<Row> {
  progress(`${TITLES[flood]}, ${connections} connections`);
  await using server = processes.module("target.ts", ["server"]);
  const { port } = await server.next<{ port: number }>();
  const args = [String(port), flood, String(connections)];
  await using flooding = processes.module("flood.ts", args);
  await flooding.next();
  await pause(quick ? 0 : LEAD_MS);
  const waits = await waitsOf(port, quick ? QUICK_MS : MEASURE_MS);
  const { rssBytes } = await server.ask<{ rssBytes: number }>("");
  return {
    flood: TITLES[flood],
    connections,
    samples: waits.length,
    p50: quantile(waits, 0.5),
    p99: quantile(waits, 0.99),
    max: waits.at(-1)!,
    memory: rssBytes / BYTES_PER_MIB,
  };
}

async function run(context: Context): Promise<Findings> {
  const rows: Row[] = [];
  for (const connections of [1, CROWD]) {
    for (const flood of FLOODS) {
      rows.push(await measure(context, flood, connections));
    }
  }
  const common = { bound: "at most", digits: 0 } as const;
  const figures = rows.flatMap((row): Figure[] => [
    {
      ...common,
      what: `p99 beside ${row["flood"]}, ${row["connections"]} flooding`,
      measured: Number(row["p99"]),
      target: P99_MS_MAX,
      unit: "ms",
    },
    {
      ...common,
      what: `memory under ${row["flood"]}, ${row["connections"]} flooding`,
      measured: Number(row["memory"]),
      target: MEMORY_MIB_MAX,
      unit: "MiB",
    },
  ]);
  return {
    notes: [
      "One server without links. Floods come from a process of their own, on as " +
      "many connections as are told, as fast as the server takes them; another " +
      "client sends an IAMAT, waits for its reply, pauses for 5 ms and goes on.",
    ],
    tables: [{
      title: "Another client's wait, and the server's memory",
      columns: [
        { key: "flood", title: "flood" },
        { key: "connections", title: "connections" },
        { key: "samples", title: "replies" },
        { key: "p50", title: "p50 ms", digits: 1 },
        { key: "p99", title: "p99 ms", digits: 1 },
        { key: "max", title: "max ms", digits: 1 },
        { key: "memory", title: "memory MiB" },
      ],
      rows,
    }],
    plots: [],
    figures,
    skipped: [],
  };
}

/** The section. */
export const fairness: Section = {
  name: "fairness",
  title: "A client beside floods",
  seconds: 80,
  run,
};
