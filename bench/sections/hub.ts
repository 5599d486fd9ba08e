/**
 * Two herds by a hub, beside the hub's stream by itself; and one herd with a hub
 * beside the same without.
 *
 * @module
 */
import { median } from "../report/figures.ts";
import type { Findings, Row } from "../report/results.ts";
import { NATS_MISSING } from "../run/nats.ts";
import type { Rate, Spread } from "../run/hub_trial.ts";
import type { Context, Section } from "./section.ts";

const PER_SECOND = 2_000;
const APART_S = 60;
const ROUNDS = 3;
/** The herds' own hops come on top of the stream's. */
const TIMES_STREAM_MAX = 5;
const RATE_MIN = 0.5;

async function run({ quick, processes, progress }: Context): Promise<Findings> {
  if (await isMissing(processes)) {
    const nothing = { notes: [], tables: [], plots: [], figures: [] };
    return { ...nothing, skipped: [NATS_MISSING] };
  }
  const seconds = quick ? 1 : 10;
  const measure = async <T>(...args: (string | number)[]): Promise<T> => {
    progress(args.join(" "));
    const told = args.map(String);
    await using program = processes.module("hub_trial.ts", told, [
      "--allow-run=nats-server,deno,sh,getconf",
      "--allow-write",
    ]);
    return await program.ask<T>("measure");
  };
  const spreads = { stream: [] as Spread[], herds: [] as Spread[] };
  const rates = { hub: [] as Rate[], none: [] as Rate[] };
  for (let round = 0; round < (quick ? 1 : ROUNDS); round++) {
    for (const what of ["stream", "herds"] as const) {
      spreads[what].push(await measure(what, PER_SECOND, seconds));
    }
    for (const what of ["none", "hub"] as const) {
      rates[what].push(await measure(what, seconds));
    }
  }
  const apartS = quick ? 1 : APART_S;
  const caughtUpMs = await measure<number>("catch-up", PER_SECOND, apartS);
  return findingsOf({ spreads, rates, apartS, caughtUpMs });
}

/** What was measured, round by round. */
interface Measured {
  readonly spreads: Readonly<Record<"stream" | "herds", readonly Spread[]>>;
  readonly rates: Readonly<Record<"hub" | "none", readonly Rate[]>>;
  readonly apartS: number;
  readonly caughtUpMs: number;
}

function spreadRow(what: string, all: readonly Spread[]): Row {
  return {
    what,
    count: median(all.map(({ count }) => count)),
    p50: median(all.map(({ p50 }) => p50)),
    p99: median(all.map(({ p99 }) => p99)),
  };
}

function rateRow(what: string, all: readonly Rate[]): Row {
  return {
    what,
    rate: median(all.map(({ rate }) => rate)),
    mib: median(all.map(({ mib }) => mib)),
  };
}

function findingsOf(
  { spreads, rates, apartS, caughtUpMs }: Measured,
): Findings {
  const stream = spreadRow("the stream: publisher to reader", spreads.stream);
  const herds = spreadRow("two herds: server to server", spreads.herds);
  const without = rateRow("a herd without a hub", rates.none);
  const withHub = rateRow("the same with one", rates.hub);
  return {
    notes: [
      "The hub is a cluster of three NATS servers on this machine, which keeps " +
      `three copies. ${PER_SECOND} updates a second at Birch, until they are at ` +
      "Hazel: to the gateway, to the hub, to the other gateway, to its " +
      "neighbour. By turns, each in a process of its own; the median of " +
      `${spreads.herds.length}.`,
      "The rates are those of 64 clients that wait for each reply; here the hub " +
      "is one server. Memory is that of the herd's process.",
    ],
    tables: [{
      title: `${PER_SECOND} updates a second, milliseconds`,
      columns: [
        { key: "what", title: "what" },
        { key: "count", title: "updates" },
        { key: "p50", title: "p50, ms", digits: 2 },
        { key: "p99", title: "p99, ms", digits: 1 },
      ],
      rows: [stream, herds],
    }, {
      title: `${apartS} s apart at ${PER_SECOND} updates a second`,
      columns: [{ key: "ms", title: "both hold the same after, ms" }],
      rows: [{ ms: caughtUpMs }],
    }, {
      title: "One herd",
      columns: [
        { key: "what", title: "what" },
        { key: "rate", title: "updates a second" },
        { key: "mib", title: "MiB" },
      ],
      rows: [without, withHub],
    }],
    plots: [],
    figures: [{
      what: "p50 from herd to herd, to that of the stream alone",
      measured: Number(herds["p50"]) / Number(stream["p50"]),
      target: TIMES_STREAM_MAX,
      bound: "at most",
      unit: "×",
      digits: 1,
    }, {
      what: "updates a second of a herd with a hub, to one without",
      measured: Number(withHub["rate"]) / Number(without["rate"]),
      target: RATE_MIN,
      bound: "at least",
      unit: "×",
      digits: 2,
    }],
    skipped: [],
  };
}

async function isMissing(processes: Context["processes"]): Promise<boolean> {
  try {
    await processes.output("nats-server", ["--version"]);
    return false;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    throw error;
  }
}

export const hub: Section = {
  name: "hub",
  title: "Herds and a hub",
  seconds: 240,
  run,
};
