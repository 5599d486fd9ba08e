/**
 * What trees save in a healthy herd, and their cost in latency.
 *
 * @module
 */
import { Herd } from "../../sim/live/herd/herd.ts";
import { LATE_COLUMN, latencyColumns } from "../report/columns.ts";
import { median } from "../report/figures.ts";
import type { Figure, Findings, Row } from "../report/results.ts";
import {
  PROACTIVE_MODES,
  type ProactiveMode,
  WARMUP_MS,
} from "../run/modes.ts";
import { type TracedRun, tracedRun } from "../run/traced.ts";
import type { Context, Section } from "./section.ts";

const TOPOLOGIES = ["grid:25", "random:50:4", "full:10"];
const RATE_PER_SECOND = 100;
const CLIENTS = 500;
const REDUNDANCY_MAX = 0.05;
const P99_RATIO_MAX = 1.3;

interface Plan {
  readonly topologies: readonly string[];
  readonly rounds: number;
  readonly warmupMs: Readonly<Record<ProactiveMode, number>>;
  readonly measureMs: number;
}

const WHOLE: Plan = {
  topologies: TOPOLOGIES,
  rounds: 2,
  warmupMs: WARMUP_MS,
  measureMs: 2_500,
};
const QUICK: Plan = {
  topologies: ["2014"],
  rounds: 1,
  warmupMs: { flood: 200, tree: 200 },
  measureMs: 200,
};

type Runs = Readonly<Record<ProactiveMode, readonly TracedRun[]>>;

async function runsOf(
  { processes, progress }: Context,
  topology: string,
  { rounds, warmupMs, measureMs }: Plan,
): Promise<Runs> {
  const runs = { flood: [] as TracedRun[], tree: [] as TracedRun[] };
  for (let round = 1; round <= rounds; round++) {
    for (const mode of PROACTIVE_MODES) {
      progress(`${topology}, ${mode}, turn ${round}/${rounds}`);
      const options = { places: "none", trace: true, mode } as const;
      await using herd = await Herd.start(topology, options);
      runs[mode].push(
        await tracedRun(processes, herd, {
          ratePerSecond: RATE_PER_SECOND,
          clients: CLIENTS,
          warmupMs: warmupMs[mode],
          measureMs,
        }),
      );
    }
  }
  return runs;
}

/** Relative message redundancy: messages beyond the necessary N−1. */
function redundancy({ messages, servers }: TracedRun): number {
  return messages / (servers - 1) - 1;
}

function rowOf(topology: string, mode: ProactiveMode, runs: Runs): Row {
  const of = runs[mode];
  const latencies = of.flatMap(({ latency }) => latency ?? []);
  return {
    topology,
    mode,
    messages: median(of.map(({ messages }) => messages)),
    redundancy: median(of.map(redundancy)),
    count: median(latencies.map(({ count }) => count)),
    p50: median(latencies.map(({ p50 }) => p50)),
    p99: median(latencies.map(({ p99 }) => p99)),
    superseded: of.reduce((sum, { superseded }) => sum + superseded, 0),
    late: median(of.map(({ late }) => late.p99)),
  };
}

function p99Ratio({ tree, flood }: Runs): number {
  return median(tree.flatMap(({ latency }, round) => {
    const other = flood[round]?.latency;
    return latency && other ? [latency.p99 / other.p99] : [];
  }));
}

function figuresOf(topology: string, runs: Runs): Figure[] {
  return [
    {
      what: `tree on ${topology}, redundancy`,
      measured: median(runs.tree.map(redundancy)),
      target: REDUNDANCY_MAX,
      bound: "at most",
      unit: "",
      digits: 3,
    },
    {
      what: `tree on ${topology}, p99 to flood's`,
      measured: p99Ratio(runs),
      target: P99_RATIO_MAX,
      bound: "at most",
      unit: "×",
      digits: 2,
    },
  ];
}

async function run(context: Context): Promise<Findings> {
  const plan = context.quick ? QUICK : WHOLE;
  const rows: Row[] = [];
  const figures: Figure[] = [];
  for (const topology of plan.topologies) {
    const runs = await runsOf(context, topology, plan);
    for (const mode of PROACTIVE_MODES) {
      rows.push(rowOf(topology, mode, runs));
    }
    figures.push(...figuresOf(topology, runs));
  }
  return {
    notes: NOTES,
    tables: [{ title: "A healthy herd", columns: COLUMNS, rows }],
    plots: [],
    figures: figures,
    skipped: [],
  };
}

const COLUMNS = [
  { key: "topology", title: "herd" },
  { key: "mode", title: "mode" },
  { key: "messages", title: "AT lines an update", digits: 2 },
  { key: "redundancy", title: "redundancy", digits: 3 },
  ...latencyColumns(["p50", "p99"]),
  { key: "superseded", title: "superseded" },
  LATE_COLUMN,
];

const NOTES = [
  "Real servers, 100 updates a second to all of them in turn, after some seconds in " +
  "which trees are learned; the modes take turns, and ratios are medians of the ratios " +
  "of each two turns. Redundancy is Plumtree's: AT lines an update, over the N−1 " +
  "that it takes, minus one. Latency is to the last server, from the time at " +
  "which an update was to be sent.",
];

export const trees: Section = {
  name: "trees",
  title: "Trees beside flooding, in a healthy herd",
  seconds: 95,
  run,
};
