/**
 * What trees save in a healthy herd, and their cost in latency.
 *
 * @module
 */
import { Herd } from "../../sim/live/herd/herd.ts";
import { LATE_COLUMN, latencyColumns } from "../report/columns.ts";
import { atMost } from "../report/figures.ts";
import type { Figure, Findings, Row } from "../report/results.ts";
import {
  PROACTIVE_MODES,
  type ProactiveMode,
  WARMUP_MS,
} from "../run/modes.ts";
import { type TracedRun, tracedRun } from "../run/traced.ts";
import { byTurns, medians, middle, ratios } from "../run/turns.ts";
import type { Context, Section } from "./section.ts";

const RATE_PER_SECOND = 100;
const CLIENTS = 500;
const REDUNDANCY = atMost(0.05, "", 3);
const P99_RATIO = atMost(1.3, "×", 2);
const SHOWN = ["p50", "p99"] as const;

const WHOLE = {
  topologies: ["grid:25", "random:50:4", "full:10"],
  rounds: 2,
  warmupMs: WARMUP_MS,
  measureMs: 2_500,
};
const QUICK: typeof WHOLE = {
  topologies: ["2014"],
  rounds: 1,
  warmupMs: { flood: 200, tree: 200 },
  measureMs: 200,
};

type Runs = Readonly<Record<ProactiveMode, readonly TracedRun[]>>;

async function runsOf(
  { processes, progress }: Context,
  topology: string,
  { rounds, warmupMs, measureMs }: typeof WHOLE,
): Promise<Runs> {
  return await byTurns(PROACTIVE_MODES, rounds, async (mode, round) => {
    progress(`${topology}, ${mode}, turn ${round}/${rounds}`);
    const options = { places: "none", trace: true, mode } as const;
    await using herd = await Herd.start(topology, options);
    return await tracedRun(processes, herd, {
      ratePerSecond: RATE_PER_SECOND,
      clients: CLIENTS,
      warmupMs: warmupMs[mode],
      measureMs,
    });
  });
}

/** Relative message redundancy: messages beyond the necessary N−1. */
function redundancy(runs: readonly TracedRun[]): number | null {
  return middle(
    runs.map(({ messages, servers }) => messages / (servers - 1) - 1),
  );
}

function rowOf(topology: string, mode: ProactiveMode, runs: Runs): Row {
  const of = runs[mode];
  return {
    topology,
    mode,
    ...medians(of, ["messages"]),
    redundancy: redundancy(of),
    ...medians(of.map(({ latency }) => latency), ["count", ...SHOWN]),
    superseded: of.reduce((sum, { superseded }) => sum + superseded, 0),
    late: middle(of.map(({ late }) => late.p99)),
  };
}

function figuresOf(topology: string, { tree, flood }: Runs): Figure[] {
  const p99s = (runs: readonly TracedRun[]) =>
    runs.map(({ latency }) => latency?.p99);
  return [
    {
      what: `tree on ${topology}, redundancy`,
      measured: redundancy(tree),
      ...REDUNDANCY,
    },
    {
      what: `tree on ${topology}, p99 to flood's`,
      measured: middle(ratios(p99s(tree), p99s(flood))),
      ...P99_RATIO,
    },
  ];
}

async function run(context: Context): Promise<Partial<Findings>> {
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
    figures,
  };
}

const COLUMNS = [
  { key: "topology", title: "herd" },
  { key: "mode", title: "mode" },
  { key: "messages", title: "AT lines an update", digits: 2 },
  { key: "redundancy", title: "redundancy", digits: 3 },
  ...latencyColumns(SHOWN),
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
