/**
 * Pushing every update, compared with asking on demand, as the share of queries
 * grows.
 *
 * @module
 */
import { delay } from "@std/async";
import { loadTopology } from "../../sim/live/herd/load.ts";
import type { Topology } from "../../sim/model/topology/topology.ts";
import type { Findings, Row } from "../report/results.ts";
import { Usage } from "../run/costs.ts";
import { PureNetwork } from "../run/pure_network.ts";
import type { Context, Section } from "./section.ts";

const TOPOLOGIES = ["2014", "ring:8", "grid:25", "full:10"];
const MODES = ["flood", "tree", "ondemand"] as const;
const OPERATIONS = 200;
const STEPS = 10;

/** Lines per operation, for shares of queries from 0 to 1. */
type Curve = readonly number[];

/** Spreads queries evenly among the operations. */
function isQuery(share: number): (operation: number) => boolean {
  return (number) =>
    Math.floor((number + 1) * share) > Math.floor(number * share);
}

function curveOf(
  topology: Topology,
  mode: typeof MODES[number],
  operations: number,
): Curve {
  const usage = new Usage(new PureNetwork(topology, { mode }));
  return Array.from({ length: STEPS + 1 }, (_, step) => {
    const { updates, control } = usage.cost(operations, isQuery(step / STEPS));
    return updates + control;
  });
}

/** The share at which two curves cross, interpolated between their points. */
function meeting(rising: Curve, falling: Curve): number | null {
  for (let step = 1; step <= STEPS; step++) {
    const before = rising[step - 1]! - falling[step - 1]!;
    const after = rising[step]! - falling[step]!;
    if (before > 0 || after < 0) continue;
    const part = after === before ? 0 : before / (before - after);
    return (step - 1 + part) / STEPS;
  }
  return null;
}

/** Queries per update, at a share of queries. */
function ratio(share: number | null): number | null {
  return share === null ? null : share / (1 - share);
}

function rowOf(
  topology: Topology,
  curves: Readonly<Record<typeof MODES[number], Curve>>,
): Row {
  const servers = topology.servers.length;
  const links = topology.links.length;
  const predicted = (2 * links - servers + 1) / (2 * links);
  const share = meeting(curves.ondemand, curves.flood);
  return {
    topology: topology.name,
    servers,
    links,
    predicted,
    measured: ratio(share),
    share: share === null ? null : share * 100,
    tree: ratio(meeting(curves.ondemand, curves.tree)),
  };
}

async function run({ quick, progress }: Context): Promise<Partial<Findings>> {
  const rows: Row[] = [];
  const points: Row[] = [];
  for (const name of quick ? ["2014"] : TOPOLOGIES) {
    progress(name);
    await delay(0);
    const topology = loadTopology(name);
    const curve = (mode: typeof MODES[number]) =>
      curveOf(topology, mode, OPERATIONS);
    const curves = {
      flood: curve("flood"),
      tree: curve("tree"),
      ondemand: curve("ondemand"),
    };
    rows.push(rowOf(topology, curves));
    for (const mode of MODES) {
      for (const [step, lines] of curves[mode].entries()) {
        points.push({
          topology: name,
          mode,
          share: step / STEPS * 100,
          lines,
        });
      }
    }
  }
  return {
    notes: NOTES,
    tables: [{
      title: "Queries for each update, from which on pushing costs less",
      columns: COLUMNS,
      rows,
    }],
    plots: [{
      name: "crossover",
      title: "Lines on all links, an operation",
      kind: "line",
      x: { key: "share", title: "share of queries, %" },
      y: { key: "lines", title: "lines" },
      series: "mode",
      panels: "topology",
      rows: points,
    }],
  };
}

const COLUMNS = [
  { key: "topology", title: "herd" },
  { key: "servers", title: "N" },
  { key: "links", title: "E" },
  { key: "predicted", title: "predicted (2E−N+1)/2E", digits: 3 },
  { key: "measured", title: "measured", digits: 3 },
  { key: "share", title: "as a share of queries, %", digits: 1 },
  { key: "tree", title: "against tree", digits: 3 },
];

const NOTES = [
  `${OPERATIONS} operations at each share of queries, on the simulated network ` +
  "of the section on messages: five clients move at five servers, queries go to " +
  "all servers in turn. Where updates are pushed, a query costs no line; on " +
  "demand, an update costs none. Predicted is where 2E lines a query cost as " +
  "much as 2E−(N−1) lines an update.",
];

export const crossover: Section = {
  name: "crossover",
  title: "On demand against pushing, as the share of queries grows",
  seconds: 10,
  run,
};
