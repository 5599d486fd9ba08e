/**
 * How long an update takes to reach the last server, at a share of the herd's
 * maximum rate.
 *
 * @module
 */
import { Herd } from "../../sim/live/herd/herd.ts";
import { LATE_COLUMN, latencyColumns } from "../report/columns.ts";
import type { Findings, Row } from "../report/results.ts";
import { burstPerSecond, steadyPerSecond } from "../run/capacity.ts";
import {
  PROACTIVE_MODES,
  type ProactiveMode,
  WARMUP_MS,
} from "../run/modes.ts";
import { openLoopOver, tracedRun } from "../run/traced.ts";
import { medians } from "../run/turns.ts";
import type { Context, Section } from "./section.ts";

const CLIENTS = 5_000;
const SHOWN = ["p50", "p90", "p99", "max"] as const;
/** Updates a second during warm-up: code is compiled, and trees are learned. */
const LEARNING_PER_SECOND = 500;

const WHOLE = {
  topologies: ["2014", "ring:8", "grid:25"],
  /** Of the highest steady rate. */
  shares: [0.25, 0.5, 0.75],
  burst: { clients: 5_000, warmupMs: 0, bursts: 2 },
  steady: { rateMs: 500, tries: 5 },
  warmupMs: 500,
  measureMs: 1_200,
};
const QUICK: typeof WHOLE = {
  topologies: ["2014"],
  shares: [0.25],
  burst: { clients: 1_000, warmupMs: 0, bursts: 1 },
  steady: { rateMs: 100, tries: 2 },
  warmupMs: 100,
  measureMs: 200,
};

async function rowsOf(
  { processes, progress, quick }: Context,
  topology: string,
  mode: ProactiveMode,
  plan: typeof WHOLE,
): Promise<Row[]> {
  progress(`${topology}, ${mode}: capacity`);
  // One herd for all loads, recording all the time: its code is compiled, its
  // trees are learned, and its capacity is measured while recording.
  await using herd = await Herd.start(topology, {
    places: "none",
    trace: true,
    mode,
  });
  await openLoopOver(processes, herd, {
    ratePerSecond: LEARNING_PER_SECOND,
    clients: CLIENTS,
    warmupMs: 0,
    measureMs: quick ? 0 : WARMUP_MS[mode],
  });
  const burst = await burstPerSecond(processes, herd, plan.burst);
  const capacity = await steadyPerSecond(processes, herd, burst, plan.steady);
  const rows: Row[] = [];
  for (const share of plan.shares) {
    const ratePerSecond = Math.round(capacity * share);
    const load = `${share * 100} %`;
    progress(`${topology}, ${mode}: ${load}, ${ratePerSecond} updates/s`);
    const run = await tracedRun(processes, herd, {
      ratePerSecond,
      clients: CLIENTS,
      warmupMs: plan.warmupMs,
      measureMs: plan.measureMs,
    });
    rows.push({
      topology,
      mode,
      load: share * 100,
      capacity,
      ratePerSecond,
      ...medians([run.latency], ["count", ...SHOWN]),
      superseded: run.superseded / run.sent * 100,
      messages: run.messages,
      late: run.late.p99,
    });
  }
  return rows;
}

async function run(context: Context): Promise<Partial<Findings>> {
  const plan = context.quick ? QUICK : WHOLE;
  const rows: Row[] = [];
  const skipped: string[] = [];
  for (const topology of plan.topologies) {
    for (const mode of PROACTIVE_MODES) {
      try {
        rows.push(...await rowsOf(context, topology, mode, plan));
      } catch (error) {
        // An overload that breaks the herd must not cost the other figures.
        skipped.push(`${topology}, ${mode}: ${error}`);
      }
    }
  }
  const points = rows.flatMap((row) =>
    ["p50", "p99"].map((figure) => ({
      topology: row["topology"]!,
      load: row["load"]!,
      ms: row[figure]!,
      series: `${row["mode"]}, ${figure}`,
    }))
  );
  return {
    notes: NOTES,
    tables: [{ title: "Latency to the last server", columns: COLUMNS, rows }],
    plots: [{
      name: "propagation",
      title: "Latency to the last server",
      kind: "line",
      x: {
        key: "load",
        title: "load, % of the steady rate that it keeps up with",
      },
      y: { key: "ms", title: "ms", scale: "log" },
      series: "series",
      panels: "topology",
      rows: points.filter(({ ms }) => ms !== null),
    }],
    skipped,
  };
}

const COLUMNS = [
  { key: "topology", title: "herd" },
  { key: "mode", title: "mode" },
  { key: "load", title: "load %" },
  { key: "capacity", title: "keeps up with /s" },
  { key: "ratePerSecond", title: "updates/s" },
  ...latencyColumns(SHOWN),
  { key: "messages", title: "AT lines an update", digits: 2 },
  { key: "superseded", title: "superseded %", digits: 2 },
  LATE_COLUMN,
];

const NOTES = [
  "First the highest steady rate is looked for that the herd keeps up with, as in " +
  "the section on that, by the same herd, which records what it does. Then updates " +
  "come at a share of it, at a steady rate whatever comes back, to all " +
  "servers in turn. Latency counts from the time at which an update was to be " +
  "sent, so what the generator comes late is in it, until the last server has " +
  "stored it, by the servers' own record. Updates that a newer fix of the same " +
  "client overtook before they were everywhere are told as superseded.",
];

export const propagation: Section = {
  name: "propagation",
  title: "Latency to the last server under load",
  seconds: 190,
  run,
};
