/**
 * Propagation at a fixed, moderate rate, beside Redis and NATS.
 *
 * @module
 */
import { LATE_COLUMN, latencyColumns } from "../report/columns.ts";
import { atMost } from "../report/figures.ts";
import type { Figure, Findings, Row } from "../report/results.ts";
import {
  type Entrant,
  NATS,
  processHerd,
  REDIS,
  relays,
  threads,
  type Turn,
} from "../run/entrants.ts";
import { PROACTIVE_MODES, WARMUP_MS } from "../run/modes.ts";
import { NATS_MISSING } from "../run/nats.ts";
import { REDIS_MISSING } from "../run/redis.ts";
import type { Pace } from "../run/traced.ts";
import { byTurns, medians, middle, ratios } from "../run/turns.ts";
import type { Context, Section } from "./section.ts";

const TOPOLOGY = "2014";
const RATE_PER_SECOND = 2_000;
const CLIENTS = 1_000;
const LATENCY = { p50: atMost(1, "ms", 2), p99: atMost(5, "ms", 2) };
const SHOWN = ["p50", "p90", "p99", "p99.9", "max"] as const;

const [FLOOD, TREE] = PROACTIVE_MODES.map((mode) =>
  threads(TOPOLOGY, mode)
) as [Entrant, Entrant];
const RELAYS = relays(TOPOLOGY);
const ENTRANTS: readonly Entrant[] = [
  FLOOD,
  TREE,
  RELAYS,
  processHerd(TOPOLOGY, "flood"),
  REDIS,
  NATS,
];

const RATE = { ratePerSecond: RATE_PER_SECOND, clients: CLIENTS };
const WHOLE = {
  /** A warm-up turn: until code is compiled and trees are learned. */
  first: { ...RATE, warmupMs: 0, measureMs: WARMUP_MS.tree },
  next: { ...RATE, warmupMs: 500, measureMs: 2_000 },
  rounds: 3,
};
const QUICK: typeof WHOLE = {
  first: { ...RATE, warmupMs: 0, measureMs: 100 },
  next: { ...RATE, warmupMs: 100, measureMs: 200 },
  rounds: 1,
};

type Turns = Readonly<Record<string, readonly Turn[]>>;

function rowOf({ who, to }: Entrant, turns: readonly Turn[] = []): Row {
  return {
    who,
    to,
    ...medians(turns.map(({ latency }) => latency), ["count", ...SHOWN]),
    incomplete: turns.reduce((sum, turn) => sum + turn.incomplete, 0),
    late: middle(turns.map(({ late }) => late.p99)),
  };
}

function figuresOf(turns: Turns): Figure[] {
  const row = rowOf(FLOOD, turns[FLOOD.who]);
  const rate = RATE_PER_SECOND.toLocaleString("en-US");
  const what = `${TOPOLOGY} at ${rate} updates/s, flood`;
  const shown = ({ who }: Entrant, figure: "p50" | "p99") =>
    turns[who]?.map(({ latency }) => latency?.[figure]) ?? [];
  const ratioTo = (other: Entrant, figure: "p50" | "p99") =>
    middle(ratios(shown(FLOOD, figure), shown(other, figure)));
  const figures = (["p50", "p99"] as const).flatMap((figure): Figure[] => [
    {
      what: `${what}, ${figure} to all five`,
      measured: row[figure] as number | null,
      ...LATENCY[figure],
    },
    {
      what: `${what}, ${figure} to Redis primary to replica`,
      measured: ratioTo(REDIS, figure),
      ...atMost(1, "×", 2),
    },
  ]);
  return [...figures, {
    what: `${what}, p50 to the platform's floor`,
    measured: ratioTo(RELAYS, "p50"),
    ...atMost(1, "×", 2),
    target: null,
  }];
}

async function turnsOf({ quick, processes, progress }: Context) {
  const { first, next, rounds } = quick ? QUICK : WHOLE;
  await using stack = new AsyncDisposableStack();
  const take: Record<string, (pace: Pace) => Promise<Turn>> = {};
  for (const { who, start } of ENTRANTS) {
    progress(`${who}, warming up`);
    const turn = await start(processes, stack);
    if (turn === undefined) continue;
    take[who] = turn;
    await turn(first);
  }
  return await byTurns(Object.keys(take), rounds, (who, round) => {
    progress(`${who}, turn ${round}/${rounds}`);
    return take[who]!(next);
  });
}

async function run(context: Context): Promise<Findings> {
  const turns: Turns = await turnsOf(context);
  const rows = ENTRANTS.map((entrant) => rowOf(entrant, turns[entrant.who]));
  return {
    notes: NOTES,
    tables: [{
      title: `Latency at ${RATE_PER_SECOND} updates a second`,
      columns: COLUMNS,
      rows,
    }],
    plots: [{
      name: "beside",
      title: `Latency at ${RATE_PER_SECOND} updates a second`,
      kind: "bar",
      x: { key: "figure", title: "" },
      y: { key: "ms", title: "ms", scale: "log" },
      series: "who",
      rows: ["p50", "p90", "p99"].flatMap((figure) =>
        rows.map((row) => ({ figure, who: row["who"]!, ms: row[figure]! }))
          .filter(({ ms }) => ms !== null)
      ),
    }],
    figures: figuresOf(turns),
    skipped: [
      ...REDIS.who in turns ? [] : [REDIS_MISSING],
      ...NATS.who in turns ? [] : [NATS_MISSING],
    ],
  };
}

const COLUMNS = [
  { key: "who", title: "who" },
  { key: "to", title: "to" },
  ...latencyColumns(SHOWN),
  { key: "incomplete", title: "not everywhere" },
  LATE_COLUMN,
];

const NOTES = [
  "All are started once and warmed up, and then take turns. They are sent the same " +
  "lines by the same generator at the same steady rate; figures are medians of the " +
  "turns. Latency counts from the time at which an update was to be sent. Herds hear updates at all servers in " +
  "turn, Redis at the primary, NATS at one server.",
  "A thread each: the herd as `deno task herd` runs it; latency is to the last " +
  "of the five servers, by their own records. That is three sockets away at " +
  "most, as Redis's subscriber is: client, primary, replica, subscriber. A " +
  "process each: no records; the generator subscribes to each of the five, as a " +
  "neighbour that only listens, and waits for the last one. That costs a server " +
  "one more line an update and the update one more hop, and is what to hold " +
  "against the subscribers of Redis and NATS to the letter.",
  "Relays are the platform's floor: workers linked as the herd is, that pass on " +
  "each line that they have not seen, and record when it came. They parse, keep " +
  "and answer nothing.",
];

export const beside: Section = {
  name: "beside",
  title: "Latency to the last server, beside Redis and NATS",
  seconds: 85,
  run,
};
