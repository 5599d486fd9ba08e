/**
 * Two herds by a hub, beside the hub's stream by itself; and one herd with a hub
 * beside the same without.
 *
 * @module
 */
import { median } from "../report/figures.ts";
import type { Findings, Row } from "../report/results.ts";
import { NATS_MISSING } from "../run/nats.ts";
import { HubHosts, type Spread } from "../run/hub_hosts.ts";
import type { Rate } from "../run/hub_trial.ts";
import { whyNone } from "../run/machines.ts";
import type { Context, Section } from "./section.ts";

const PER_SECOND = 2_000;
/** What herds do where that is too much for a machine that is busy. */
const LESS_PER_SECOND = [500, 1_000];
const APART_S = 60;
const ROUNDS = 3;
/** The herds' own hops come on top of the stream's. */
const TIMES_STREAM_MAX = 5;
const RATE_MIN = 0.5;

async function run(context: Context): Promise<Findings> {
  const { quick, processes, progress } = context;
  if (await isMissing(processes)) {
    const nothing = { notes: [], tables: [], plots: [], figures: [] };
    return { ...nothing, skipped: [NATS_MISSING] };
  }
  const seconds = quick ? 1 : 10;
  const rates = { hub: [] as Rate[], none: [] as Rate[] };
  for (let round = 0; round < (quick ? 1 : ROUNDS); round++) {
    for (const what of ["none", "hub"] as const) {
      progress(`${what} ${seconds} s`);
      const args = [what, String(seconds)];
      await using program = processes.module("hub_trial.ts", args, [
        "--allow-run=nats-server,deno,sh,getconf",
        "--allow-write",
      ]);
      rates[what].push(await program.ask<Rate>("measure"));
    }
  }
  const ofOne = findingsOfOne(rates);
  const why = whyNone();
  if (why !== undefined) {
    const skipped = [`two herds on machines of their own: ${why}`];
    return { ...ofOne, skipped };
  }
  const ofTwo = findingsOfTwo(await measureTwo(context, seconds));
  return {
    ...ofOne,
    notes: [...ofTwo.notes, ...ofOne.notes],
    tables: [...ofTwo.tables, ...ofOne.tables],
    figures: [...ofTwo.figures, ...ofOne.figures],
  };
}

/** Two herds on machines of their own, beside the stream alone. */
async function measureTwo(
  { quick, processes, progress }: Context,
  seconds: number,
): Promise<Measured> {
  // The hub of each knows nothing of those before.
  const measure = async <T>(by: (hosts: HubHosts) => Promise<T>) => {
    await using hosts = await HubHosts.open(processes);
    return await by(hosts);
  };
  const spreads = { stream: [] as Spread[], herds: [] as Spread[] };
  for (let round = 0; round < (quick ? 1 : ROUNDS); round++) {
    progress(`stream ${PER_SECOND}/s`);
    spreads.stream.push(
      await measure((hosts) => hosts.ofStream(PER_SECOND, seconds)),
    );
    progress(`herds ${PER_SECOND}/s`);
    spreads.herds.push(
      await measure((hosts) => hosts.ofHerds(PER_SECOND, seconds)),
    );
  }
  const less: [number, Spread][] = [];
  for (const perSecond of quick ? [] : LESS_PER_SECOND) {
    progress(`herds ${perSecond}/s`);
    const spread = await measure((it) => it.ofHerds(perSecond, seconds));
    less.push([perSecond, spread]);
  }
  const apartS = quick ? 1 : APART_S;
  progress(`${apartS} s apart`);
  const caughtUpMs = await measure((hosts) =>
    hosts.catchUp(PER_SECOND, apartS)
  );
  return { spreads, less, apartS, caughtUpMs };
}

/** What was measured, round by round. */
interface Measured {
  readonly spreads: Readonly<Record<"stream" | "herds", readonly Spread[]>>;
  /** Of herds at other rates. */
  readonly less: readonly (readonly [perSecond: number, spread: Spread])[];
  readonly apartS: number;
  readonly caughtUpMs: number;
}

function spreadRow(what: string, all: readonly Spread[]): Row {
  return {
    what,
    count: median(all.map(({ count }) => count)),
    missing: Math.max(...all.map(({ missing }) => missing)),
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

function findingsOfTwo(
  { spreads, less, apartS, caughtUpMs }: Measured,
): Findings {
  const stream = spreadRow("the stream: publisher to reader", spreads.stream);
  const herds = spreadRow("two herds: server to server", spreads.herds);
  return {
    notes: [
      "The hub is a cluster of three NATS servers, which keeps three copies. " +
      "Each of them and each herd is on a machine of its own: a network " +
      "namespace with a cable to a bridge. " +
      `${PER_SECOND} updates a second at Birch, until they are at Hazel: to ` +
      "the gateway, to the hub, to the other gateway, to its neighbour. By " +
      `turns; the median of ${spreads.herds.length}. What is parted is so by ` +
      "the cable of one herd, and both are told things meanwhile. What of herds " +
      "did not come was superseded on its way: both held the same in the end.",
    ],
    tables: [{
      title: `${PER_SECOND} updates a second, milliseconds`,
      columns: [
        { key: "what", title: "what" },
        { key: "count", title: "updates" },
        { key: "missing", title: "did not come" },
        { key: "p50", title: "p50, ms", digits: 2 },
        { key: "p99", title: "p99, ms", digits: 1 },
      ],
      rows: [
        stream,
        herds,
        ...less.map(([rate, it]) => spreadRow(`the same at ${rate}/s`, [it])),
      ],
    }, {
      title: `${apartS} s apart at ${PER_SECOND} updates a second`,
      columns: [{ key: "ms", title: "both hold the same after, ms" }],
      rows: [{ ms: caughtUpMs }],
    }],
    plots: [],
    figures: [{
      what: "p50 from herd to herd, to that of the stream alone",
      measured: Number(herds["p50"]) / Number(stream["p50"]),
      target: TIMES_STREAM_MAX,
      bound: "at most",
      unit: "×",
      digits: 1,
    }],
    skipped: [],
  };
}

function findingsOfOne(
  rates: Readonly<Record<"hub" | "none", readonly Rate[]>>,
): Findings {
  const without = rateRow("a herd without a hub", rates.none);
  const withHub = rateRow("the same with one", rates.hub);
  return {
    notes: [
      "The rates are those of 64 clients of one herd that wait for each reply; " +
      "there the hub is one server on this machine. Memory is that of the " +
      "herd's process.",
    ],
    tables: [{
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
