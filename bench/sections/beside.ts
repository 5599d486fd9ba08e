/**
 * Propagation at a fixed, moderate rate, beside Redis and NATS.
 *
 * @module
 */
import type { Latency } from "../../sim/model/checks/latency.ts";
import { LATE_COLUMN, latencyColumns } from "../report/columns.ts";
import { median } from "../report/figures.ts";
import type { Figure, Findings, Row } from "../report/results.ts";
import {
  type Entrant,
  NATS,
  processHerd,
  REDIS,
  relays,
  type Started,
  threads,
  type Turn,
} from "../run/entrants.ts";
import { PROACTIVE_MODES, WARMUP_MS } from "../run/modes.ts";
import { NATS_MISSING } from "../run/nats.ts";
import { REDIS_MISSING } from "../run/redis.ts";
import type { Pace } from "../run/traced.ts";
import type { Context, Section } from "./section.ts";

const TOPOLOGY = "2014";
const RATE_PER_SECOND = 2_000;
const CLIENTS = 1_000;
const P50_MS_MAX = 1;
const P99_MS_MAX = 5;

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

interface Plan {
  /** A warm-up turn: until code is compiled and trees are learned. */
  readonly first: Pace;
  readonly next: Pace;
  readonly rounds: number;
}

const RATE = { ratePerSecond: RATE_PER_SECOND, clients: CLIENTS };
const WHOLE: Plan = {
  first: { ...RATE, warmupMs: 0, measureMs: WARMUP_MS.tree },
  next: { ...RATE, warmupMs: 500, measureMs: 2_000 },
  rounds: 3,
};
const QUICK: Plan = {
  first: { ...RATE, warmupMs: 0, measureMs: 100 },
  next: { ...RATE, warmupMs: 100, measureMs: 200 },
  rounds: 1,
};

function rowOf({ who, to }: Entrant, turns: readonly Turn[]): Row {
  const latencies = turns.flatMap(({ latency }) => latency ?? []);
  const middle = (figure: keyof Latency) =>
    latencies.length === 0
      ? null
      : median(latencies.map((latency) => latency[figure]));
  return {
    who,
    to,
    count: middle("count"),
    p50: middle("p50"),
    p90: middle("p90"),
    p99: middle("p99"),
    "p99.9": middle("p99.9"),
    max: middle("max"),
    incomplete: turns.reduce((sum, turn) => sum + turn.incomplete, 0),
    late: turns.length === 0 ? null : median(turns.map(({ late }) => late.p99)),
  };
}

/**
 * The median over the turns of the ratio between the others' figure and ours.
 */
function ratioTo(
  others: readonly Turn[],
  ours: readonly Turn[],
  figure: "p50" | "p99",
): number | null {
  const ratios = ours.flatMap(({ latency }, turn) => {
    const other = others[turn]?.latency;
    return latency && other ? [latency[figure] / other[figure]] : [];
  });
  return ratios.length === 0 ? null : median(ratios);
}

type Turns = ReadonlyMap<Entrant, readonly Turn[]>;

function figuresOf(turns: Turns): Figure[] {
  const flood = turns.get(FLOOD)!;
  const row = rowOf(FLOOD, flood);
  const rate = RATE_PER_SECOND.toLocaleString("en-US");
  const what = `${TOPOLOGY} at ${rate} updates/s, flood`;
  const common = { bound: "at most", digits: 2 } as const;
  const figures = (["p50", "p99"] as const).flatMap((figure): Figure[] => [
    {
      ...common,
      what: `${what}, ${figure} to all five`,
      measured: row[figure] as number | null,
      target: figure === "p50" ? P50_MS_MAX : P99_MS_MAX,
      unit: "ms",
    },
    {
      ...common,
      what: `${what}, ${figure} to Redis primary to replica`,
      measured: ratioTo(turns.get(REDIS)!, flood, figure),
      target: 1,
      unit: "×",
    },
  ]);
  return [...figures, {
    ...common,
    what: `${what}, p50 to the platform's floor`,
    measured: ratioTo(turns.get(RELAYS)!, flood, "p50"),
    target: null,
    unit: "×",
  }];
}

async function turnsOf(
  { quick, processes, progress }: Context,
): Promise<Turns> {
  const { first, next, rounds } = quick ? QUICK : WHOLE;
  await using stack = new AsyncDisposableStack();
  const started = new Map<Entrant, Started>();
  const turns = new Map<Entrant, Turn[]>();
  for (const entrant of ENTRANTS) {
    progress(`${entrant.who}, warming up`);
    turns.set(entrant, []);
    const it = await entrant.start(processes);
    if (it === undefined) continue;
    started.set(entrant, stack.use(it));
    await it.turn(first);
  }
  for (let round = 1; round <= rounds; round++) {
    for (const [entrant, it] of started) {
      progress(`${entrant.who}, turn ${round}/${rounds}`);
      turns.get(entrant)!.push(await it.turn(next));
    }
  }
  return turns;
}

async function run(context: Context): Promise<Findings> {
  const turns = await turnsOf(context);
  const rows = ENTRANTS.map((entrant) => rowOf(entrant, turns.get(entrant)!));
  const isMissing = (entrant: Entrant) => turns.get(entrant)!.length === 0;
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
      ...isMissing(REDIS) ? [REDIS_MISSING] : [],
      ...isMissing(NATS) ? [NATS_MISSING] : [],
    ],
  };
}

const COLUMNS = [
  { key: "who", title: "who" },
  { key: "to", title: "to" },
  ...latencyColumns(["p50", "p90", "p99", "p99.9", "max"]),
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
