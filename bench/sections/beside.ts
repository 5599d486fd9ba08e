/**
 * Propagation at a fixed, moderate rate, beside Redis and NATS.
 *
 * @module
 */
import { Herd } from "../../sim/live/herd/herd.ts";
import { loadTopology } from "../../sim/live/herd/load.ts";
import type { Latency } from "../../sim/model/checks/latency.ts";
import { median } from "../report/figures.ts";
import type { Figure, Findings, Row } from "../report/results.ts";
import {
  PROACTIVE_MODES,
  type ProactiveMode,
  WARMUP_MS,
} from "../run/modes.ts";
import { NATS_MISSING, startNats } from "../run/nats.ts";
import type { OpenLoop, OpenLoopResult } from "../run/open_loop.ts";
import { startProcessHerd } from "../run/process_herd.ts";
import { REDIS_MISSING, startRedis } from "../run/redis.ts";
import { tracedRun } from "../run/traced.ts";
import type { Context, Section } from "../section.ts";

const TOPOLOGY = "2014";
const RATE_PER_SECOND = 2_000;
const CLIENTS = 1_000;
const NATS_SERVERS = 3;
const P50_MS_MAX = 1;
const P99_MS_MAX = 5;

type Timing = Pick<OpenLoop, "warmupMs" | "measureMs">;

/** What a turn of one of them came to. */
interface Turn {
  readonly latency: Latency | undefined;
  readonly late: Latency;
  readonly incomplete: number;
}

/** One of those that are compared. */
interface Entrant {
  readonly who: string;
  /** Of a herd. */
  readonly mode?: ProactiveMode;
  readonly to: string;
  /** A turn; `undefined` if it is not installed. */
  turn(context: Context, timing: Timing): Promise<Turn | undefined>;
}

async function openLoop(
  { processes }: Context,
  timing: Timing,
  load: Pick<OpenLoop, "protocol" | "publish" | "subscribe">,
): Promise<Turn> {
  const full: OpenLoop = {
    ...load,
    ...timing,
    ratePerSecond: RATE_PER_SECOND,
    clients: CLIENTS,
  };
  await using generator = processes.module("open_loop.ts", [
    JSON.stringify(full),
  ]);
  const { latency, late, incomplete } = await generator.next<OpenLoopResult>();
  return { latency, late, incomplete };
}

function threads(mode: ProactiveMode): Entrant {
  return {
    who: `${TOPOLOGY}, ${mode}, a thread each`,
    mode,
    to: "the last of 5 servers",
    async turn({ processes }, timing) {
      const options = { places: "none", trace: true, mode } as const;
      await using herd = await Herd.start(TOPOLOGY, options);
      const { latency, late, superseded } = await tracedRun(processes, herd, {
        ...timing,
        ratePerSecond: RATE_PER_SECOND,
        clients: CLIENTS,
      });
      return { latency, late, incomplete: superseded };
    },
  };
}

function processHerd(mode: ProactiveMode): Entrant {
  return {
    who: `${TOPOLOGY}, ${mode}, a process each`,
    mode,
    to: "the last of 5 subscribers, one at each server",
    async turn(context, timing) {
      const topology = loadTopology(TOPOLOGY);
      await using herd = await startProcessHerd(context.processes, topology, {
        mode,
      });
      return await openLoop(context, timing, {
        protocol: "herd",
        publish: herd.ports,
        subscribe: herd.subscriptions,
      });
    },
  };
}

const REDIS: Entrant = {
  who: "Redis, a primary and a replica",
  to: "a subscriber at the replica",
  async turn(context, timing) {
    await using primary = await startRedis(context.processes);
    if (primary === undefined) return undefined;
    await using replica = await startRedis(context.processes, primary.port);
    return await openLoop(context, timing, {
      protocol: "redis",
      publish: [primary.port],
      subscribe: [{ port: replica!.port }],
    });
  },
};

const NATS: Entrant = {
  who: `NATS core, ${NATS_SERVERS} servers with routes`,
  to: "the last of 2 subscribers, at the other servers",
  async turn(context, timing) {
    await using nats = await startNats(context.processes, NATS_SERVERS);
    if (nats === undefined) return undefined;
    const [publish, ...others] = nats.ports;
    return await openLoop(context, timing, {
      protocol: "nats",
      publish: [publish!],
      subscribe: others.map((port) => ({ port })),
    });
  },
};

const ENTRANTS: readonly Entrant[] = [
  ...PROACTIVE_MODES.map(threads),
  processHerd("flood"),
  REDIS,
  NATS,
];

function rowOf({ who, to }: Entrant, turns: readonly Turn[]): Row {
  const latencies = turns.flatMap(({ latency }) => latency ?? []);
  const middle = (figure: keyof Latency) =>
    latencies.length === 0
      ? null
      : median(latencies.map((latency) => latency[figure]));
  return {
    who,
    to,
    p50: middle("p50"),
    p90: middle("p90"),
    p99: middle("p99"),
    "p99.9": middle("p99.9"),
    max: middle("max"),
    incomplete: turns.reduce((sum, turn) => sum + turn.incomplete, 0),
    late: turns.length === 0 ? null : median(turns.map(({ late }) => late.p99)),
  };
}

/** The median over the turns of how many times Redis's figure ours is. */
function toRedis(
  ours: readonly Turn[],
  redis: readonly Turn[],
  figure: "p50" | "p99",
): number | null {
  const ratios = ours.flatMap(({ latency }, turn) => {
    const other = redis[turn]?.latency;
    return latency && other ? [latency[figure] / other[figure]] : [];
  });
  return ratios.length === 0 ? null : median(ratios);
}

function figuresOf(turns: ReadonlyMap<Entrant, readonly Turn[]>): Figure[] {
  const redis = turns.get(REDIS)!;
  const flood = ENTRANTS[0]!;
  const row = rowOf(flood, turns.get(flood)!);
  const what = `${TOPOLOGY} at ${
    RATE_PER_SECOND.toLocaleString("en-US")
  } updates/s, flood`;
  const bound = "at most" as const;
  const figures = (["p50", "p99"] as const).flatMap((figure): Figure[] => [
    {
      what: `${what}, ${figure} to all five`,
      measured: row[figure] as number | null,
      target: figure === "p50" ? P50_MS_MAX : P99_MS_MAX,
      bound,
      unit: "ms",
      digits: 2,
    },
    {
      what: `${what}, ${figure} to Redis primary to replica`,
      measured: toRedis(turns.get(flood)!, redis, figure),
      target: 1,
      bound,
      unit: "×",
      digits: 2,
    },
  ]);
  return figures;
}

async function run(context: Context): Promise<Findings> {
  const rounds = context.quick ? 1 : 3;
  const timingOf = ({ mode = "flood" }: Entrant): Timing =>
    context.quick
      ? { warmupMs: 100, measureMs: 200 }
      : { warmupMs: WARMUP_MS[mode], measureMs: 2_000 };
  const turns = new Map(ENTRANTS.map((it): [Entrant, Turn[]] => [it, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const entrant of ENTRANTS) {
      context.progress(`${entrant.who}, turn ${round}/${rounds}`);
      const turn = await entrant.turn(context, timingOf(entrant));
      if (turn !== undefined) turns.get(entrant)!.push(turn);
    }
  }
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
  { key: "p50", title: "p50 ms", digits: 2 },
  { key: "p90", title: "p90 ms", digits: 2 },
  { key: "p99", title: "p99 ms", digits: 2 },
  { key: "p99.9", title: "p99.9 ms", digits: 2 },
  { key: "max", title: "max ms", digits: 1 },
  { key: "incomplete", title: "not everywhere" },
  { key: "late", title: "generator late, p99 ms", digits: 2 },
];

const NOTES = [
  "All take turns, and are sent the same lines by the same generator at the " +
  "same steady rate; figures are medians of the turns. Latency counts from the " +
  "time at which an update was to be sent. Herds hear updates at all servers in " +
  "turn, Redis at the primary, NATS at one server.",
  "A thread each: the herd as `deno task herd` runs it; latency is to the last " +
  "of the five servers, by their own records. That is three sockets away at " +
  "most, as Redis's subscriber is: client, primary, replica, subscriber. A " +
  "process each: no records; the generator subscribes to each of the five, as a " +
  "neighbour that only listens, and waits for the last one. That costs a server " +
  "one more line an update and the update one more hop, and is what to hold " +
  "against the subscribers of Redis and NATS to the letter.",
];

/** The section. */
export const beside: Section = {
  name: "beside",
  title: "Latency to the last server, beside Redis and NATS",
  seconds: 75,
  run,
};
