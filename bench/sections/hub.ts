/**
 * Two herds by a hub, beside the hub's stream by itself; and one herd with a hub
 * beside the same without.
 *
 * @module
 */
import { atLeast, atMost } from "../report/figures.ts";
import type { Findings, Row } from "../report/results.ts";
import { HubHosts, type Spread } from "../run/hub_hosts.ts";
import type { Rate } from "../run/hub_trial.ts";
import { whyNone } from "../run/machines.ts";
import { NATS_MISSING } from "../run/nats.ts";
import { byTurns, medians, middle, ratios } from "../run/turns.ts";
import type { Context, Section } from "./section.ts";

const PER_SECOND = 2_000;
/** What herds do where that is too much for a machine that is busy. */
const LESS_PER_SECOND = [500, 1_000];
const APART_S = 60;
const ROUNDS = 3;

type Found = Pick<Findings, "notes" | "tables" | "figures">;

async function run(context: Context): Promise<Partial<Findings>> {
  const { quick, processes } = context;
  if (!await processes.has("nats-server")) return { skipped: [NATS_MISSING] };
  const [seconds, rounds] = quick ? [1, 1] : [10, ROUNDS];
  const ofOne = await findOne(context, seconds, rounds);
  const why = whyNone();
  if (why !== undefined) {
    const skipped = [`two herds on machines of their own: ${why}`];
    return { ...ofOne, skipped };
  }
  const ofTwo = await findTwo(context, seconds, rounds);
  return {
    notes: [...ofTwo.notes, ...ofOne.notes],
    tables: [...ofTwo.tables, ...ofOne.tables],
    figures: [...ofTwo.figures, ...ofOne.figures],
  };
}

/** One herd with a hub, beside the same without. */
async function findOne(
  { processes, progress }: Context,
  seconds: number,
  rounds: number,
): Promise<Found> {
  const rates = await byTurns(["none", "hub"], rounds, (what) => {
    progress(`${what} ${seconds} s`);
    return processes.answer<Rate>("measure", "hub_trial.ts", [what, seconds], [
      "--allow-run=nats-server,deno,sh,getconf",
      "--allow-write",
    ]);
  });
  const without = medians(rates.none, ["rate", "mib"]);
  const withHub = medians(rates.hub, ["rate", "mib"]);
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
      rows: [
        { what: "a herd without a hub", ...without },
        { what: "the same with one", ...withHub },
      ],
    }],
    figures: [{
      what: "updates a second of a herd with a hub, to one without",
      measured: middle(ratios([withHub.rate], [without.rate])),
      ...atLeast(0.5, "×", 2),
    }],
  };
}

/** Two herds on machines of their own, beside the stream alone. */
async function findTwo(
  { quick, processes, progress }: Context,
  seconds: number,
  rounds: number,
): Promise<Found> {
  // The hub of each knows nothing of those before.
  const measure = async <T>(
    what: string,
    by: (hosts: HubHosts) => Promise<T>,
  ) => {
    progress(what);
    await using hosts = await HubHosts.open(processes);
    return await by(hosts);
  };
  const herdsAt = (rate: number) =>
    measure(`herds ${rate}/s`, (it) => it.ofHerds(rate, seconds));
  const take = {
    stream: () =>
      measure(
        `stream ${PER_SECOND}/s`,
        (it) => it.ofStream(PER_SECOND, seconds),
      ),
    herds: () => herdsAt(PER_SECOND),
  };
  const spreads = await byTurns(
    ["stream", "herds"],
    rounds,
    (what) => take[what](),
  );
  const less: Row[] = [];
  for (const rate of quick ? [] : LESS_PER_SECOND) {
    less.push(spreadRow(`the same at ${rate}/s`, [await herdsAt(rate)]));
  }
  const apartS = quick ? 1 : APART_S;
  const ms = await measure(
    `${apartS} s apart`,
    (it) => it.catchUp(PER_SECOND, apartS),
  );
  const stream = spreadRow("the stream: publisher to reader", spreads.stream);
  const herds = spreadRow("two herds: server to server", spreads.herds);
  return {
    notes: [notesOf(rounds)],
    tables: [{
      title: `${PER_SECOND} updates a second, milliseconds`,
      columns: COLUMNS,
      rows: [stream, herds, ...less],
    }, {
      title: `${apartS} s apart at ${PER_SECOND} updates a second`,
      columns: [{ key: "ms", title: "both hold the same after, ms" }],
      rows: [{ ms }],
    }],
    figures: [{
      what: "p50 from herd to herd, to that of the stream alone",
      measured: middle(ratios([herds.p50], [stream.p50])),
      // The herds' own hops come on top of the stream's.
      ...atMost(5, "×", 1),
    }],
  };
}

function spreadRow(what: string, all: readonly Spread[]) {
  return {
    what,
    ...medians(all, ["count", "p50", "p99"]),
    missing: Math.max(...all.map(({ missing }) => missing)),
  };
}

const COLUMNS = [
  { key: "what", title: "what" },
  { key: "count", title: "updates" },
  { key: "missing", title: "did not come" },
  { key: "p50", title: "p50, ms", digits: 2 },
  { key: "p99", title: "p99, ms", digits: 1 },
];

function notesOf(rounds: number): string {
  return "The hub is a cluster of three NATS servers, which keeps three copies. " +
    "Each of them and each herd is on a machine of its own: a network " +
    "namespace with a cable to a bridge. " +
    `${PER_SECOND} updates a second at Birch, until they are at Hazel: to ` +
    "the gateway, to the hub, to the other gateway, to its neighbour. By " +
    `turns; the median of ${rounds}. What is parted is so by ` +
    "the cable of one herd, and both are told things meanwhile. What of herds " +
    "did not come was superseded on its way: both held the same in the end.";
}

export const hub: Section = {
  name: "hub",
  title: "Herds and a hub",
  seconds: 240,
  run,
};
