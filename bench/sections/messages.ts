/**
 * The cost of an update on the links, in each mode and on graphs of all kinds,
 * compared with the formulas.
 *
 * @module
 */
import { delay } from "@std/async";
import type { DisseminationMode } from "../../herd/core/dissemination/dissemination.ts";
import { Herd } from "../../sim/live/herd/herd.ts";
import { loadTopology } from "../../sim/live/herd/load.ts";
import type { Topology } from "../../sim/model/topology/topology.ts";
import { atMost } from "../report/figures.ts";
import type { Findings, Row } from "../report/results.ts";
import { Usage } from "../run/costs.ts";
import { type ProactiveMode, WARMUP_MS } from "../run/modes.ts";
import { PureNetwork, type Traffic } from "../run/pure_network.ts";
import type { Context, Section } from "./section.ts";

const KINDS = ["line", "ring", "tree", "grid", "full", "random"];
const SIZES = [5, 10, 25, 50, 100];
/** Herds of real servers, to verify the simulation. */
const LIVE = ["2014", "ring:8", "grid:25"];
const LIVE_UPDATES = 50;
const UPDATES = 100;
/** With more links there are fewer updates, so that it takes no longer. */
const LINKS_PASSED = 10_000;
const QUERIES = 50;

function lines({ updates, control }: Traffic): number {
  return updates + control;
}

function rowOf(topology: Topology, kind: string, updates: number) {
  const servers = topology.servers.length;
  const links = topology.links.length;
  const usage = (mode: DisseminationMode, echoCancellation = true) =>
    new Usage(new PureNetwork(topology, { mode, echoCancellation }));
  const cost = (of: Usage, count: number) => of.cost(count, () => false);
  const flood = cost(usage("flood"), updates);
  const plain = cost(usage("flood", false), updates);
  // The same number on all graphs: announcements are collected over time.
  const tree = cost(usage("tree"), UPDATES);
  const ondemand = usage("ondemand");
  const silent = cost(ondemand, updates);
  const query = ondemand.cost(Math.min(QUERIES, updates), () => true);
  return {
    topology: topology.name,
    kind,
    servers,
    links,
    limit: servers - 1,
    formula: 2 * links - (servers - 1),
    plain: lines(plain),
    flood: lines(flood),
    floodBytes: flood.bytes,
    tree: tree.updates,
    treeControl: tree.control,
    treeBytes: tree.bytes,
    ondemand: lines(silent),
    query: lines(query),
    queryFormula: 2 * links,
    queryBytes: query.bytes,
  };
}

type Cost = ReturnType<typeof rowOf>;

/** AT lines that real servers send per update, one update at a time. */
async function liveCost(name: string, mode: ProactiveMode): Promise<number> {
  await using herd = await Herd.start(name, { places: "none", mode });
  const sent = async () => {
    const stats = await Promise.all(herd.names.map((it) => herd.stats(it)));
    return stats.reduce((sum, { atOut }) => sum + atOut, 0);
  };
  const [origin] = herd.names;
  await using client = await herd.client(origin!);
  let second = 0;
  const update = async () => {
    const at = await client.iamat("kiwi", "+34.07-118.44", String(++second));
    await herd.propagated(at, { withinMs: 10_000 });
  };
  const warmMs = performance.now() + WARMUP_MS[mode];
  while (performance.now() < warmMs) await update();
  await herd.converged();
  const before = await sent();
  for (let number = 1; number <= LIVE_UPDATES; number++) await update();
  await herd.converged();
  return (await sent() - before) / LIVE_UPDATES;
}

async function liveRow(name: string): Promise<Row> {
  const topology = loadTopology(name);
  const row = rowOf(topology, name, UPDATES);
  return {
    topology: name,
    flood: row.flood,
    floodLive: await liveCost(name, "flood"),
    tree: row.tree,
    treeLive: await liveCost(name, "tree"),
  };
}

async function run({ quick, progress }: Context): Promise<Partial<Findings>> {
  const rows: Cost[] = [];
  for (const kind of KINDS) {
    for (const size of quick ? [5] : SIZES) {
      progress(`${kind}:${size}`);
      const topology = loadTopology(`${kind}:${size}`);
      // Lets the signal handler run: this is one long computation.
      await delay(0);
      const updates = Math.min(
        UPDATES,
        Math.ceil(LINKS_PASSED / topology.links.length),
      );
      rows.push(rowOf(topology, kind, quick ? 10 : updates));
    }
  }
  const live: Row[] = [];
  for (const name of quick ? ["2014"] : LIVE) {
    progress(`${name}, real servers`);
    live.push(await liveRow(name));
  }
  const off = rows.map(({ plain, formula }) => Math.abs(plain - formula));
  return {
    notes: NOTES,
    tables: [
      {
        title: "Lines and bytes on all links together",
        columns: COLUMNS,
        rows,
      },
      {
        title: "AT lines an update: simulated, and counted by real servers",
        columns: LIVE_COLUMNS,
        rows: live,
      },
    ],
    plots: [{
      name: "messages",
      title: "Lines on all links, an update",
      kind: "line",
      x: { key: "servers", title: "servers", scale: "log" },
      y: { key: "lines", title: "lines", scale: "log" },
      series: "series",
      panels: "kind",
      rows: rows.flatMap((row) =>
        Object.entries(SERIES).map(([series, value]) => ({
          kind: row.kind,
          servers: row.servers,
          series,
          lines: value(row),
        }))
      ),
    }],
    figures: [
      {
        what: "flood without echo cancellation, off 2E−(N−1), lines an update",
        measured: Math.max(...off),
        ...atMost(0, "", 2),
      },
    ],
  };
}

const SERIES: Record<string, (row: Cost) => number> = {
  "the limit N−1": ({ limit }) => limit,
  flood: ({ flood }) => flood,
  "tree, all lines": ({ tree, treeControl }) => tree + treeControl,
  "tree, updates": ({ tree }) => tree,
  "ondemand, a query": ({ query }) => query,
};

const COLUMNS = [
  { key: "topology", title: "herd" },
  { key: "servers", title: "N" },
  { key: "links", title: "E" },
  { key: "limit", title: "N−1" },
  { key: "formula", title: "2E−(N−1)" },
  { key: "plain", title: "flood, plain", digits: 1 },
  { key: "flood", title: "flood", digits: 1 },
  { key: "floodBytes", title: "flood B" },
  { key: "tree", title: "tree AT", digits: 1 },
  { key: "treeControl", title: "tree, other", digits: 1 },
  { key: "treeBytes", title: "tree B" },
  { key: "ondemand", title: "ondemand", digits: 1 },
  { key: "query", title: "a query", digits: 1 },
  { key: "queryFormula", title: "2E" },
  { key: "queryBytes", title: "a query, B" },
];

const LIVE_COLUMNS = [
  { key: "topology", title: "herd" },
  { key: "flood", title: "flood", digits: 2 },
  { key: "floodLive", title: "flood, real", digits: 2 },
  { key: "tree", title: "tree", digits: 2 },
  { key: "treeLive", title: "tree, real", digits: 2 },
];

const NOTES = [
  "Counted on the servers' core over a simulated network: no sockets, a time of " +
  "0.5 to 1.5 ms drawn for each way over a link, 100 updates a second, heard by " +
  "five servers from all over the herd, each with a client of its own. So the " +
  "counts are exact, and the same at each run. Trees are learned before it is " +
  "counted. A line of a list (IHAVE, GRAFT) counts as a line; keepalives, " +
  "two lines a second each way, are left out.",
  "Plain flooding is flooding without echo cancellation, for which the formula " +
  "is exact. Cancellation only acts where an update still waits for a neighbour " +
  "that sends it, so on links that keep up it saves next to nothing; under load " +
  "it does more (see the AT lines an update in the section on latency under " +
  "load).",
];

export const messages: Section = {
  name: "messages",
  title: "Messages and bytes of an update, by mode and graph",
  seconds: 50,
  run,
};
