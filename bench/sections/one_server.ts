/**
 * How fast one server is, compared with the platform's limit and with Redis.
 *
 * Absolute figures depend on the machine and its load, so the three take turns,
 * and what counts is the ratio of each two turns.
 *
 * @module
 */
import { median } from "../report/figures.ts";
import type { Figure, Findings, Row } from "../report/results.ts";
import { coreLinesPerSecond } from "../run/core.ts";
import {
  type Command,
  RedisTurns,
  type Shape,
  Target,
} from "../run/closed_loop.ts";
import { type Redis, REDIS_MISSING, startRedis } from "../run/redis.ts";
import type { Context, Section } from "./section.ts";

const SHAPES: readonly Shape[] = [
  { name: "pipelined", connections: 1, inFlight: 1_000 },
  { name: "unpipelined", connections: 50, inFlight: 1 },
];

const MEMBER = "client-__rand_int__";
const COMMANDS: readonly Command[] = [
  {
    name: "iamat",
    title: "IAMAT",
    replyEnd: "line",
    redisName: "GEOADD",
    redis: ["GEOADD", "herd", "-118.445127", "34.068930", MEMBER],
  },
  {
    name: "whatsat",
    title: "WHATSAT",
    replyEnd: "blank",
    redisName: "GEOPOS",
    redis: ["GEOPOS", "herd", MEMBER],
  },
];

/** Minimum share of the echo's, and of Redis's, throughput for IAMAT. */
const TARGETS = {
  pipelined: { echo: 0.45, redis: 0.6 },
  unpipelined: { echo: 0.9, redis: 0.9 },
};

const CORE_CLIENTS = 1_000;

interface Turns {
  readonly rounds: number;
  readonly measureMs: number;
  /** Milliseconds of a warm-up turn, until code is compiled. */
  readonly firstMs: number;
}

/** The results of a load: a figure for each turn. */
interface Measured {
  readonly server: number[];
  readonly echo: number[];
  readonly redis: number[];
}

interface Entrants {
  readonly server: Target;
  readonly echo: Target;
  readonly redis: Redis | undefined;
}

async function measure(
  context: Context,
  { server, echo, redis }: Entrants,
  command: Command,
  shape: Shape,
  { rounds, measureMs, firstMs }: Turns,
): Promise<Measured> {
  const measured: Measured = { server: [], echo: [], redis: [] };
  const redisTurns = redis && new RedisTurns(context.processes, redis);
  context.progress(`${command.title} ${shape.name}, warming up`);
  for (const target of [server, echo]) {
    await target.turn(command, shape, firstMs);
  }
  for (let round = 1; round <= rounds; round++) {
    context.progress(`${command.title} ${shape.name}, turn ${round}/${rounds}`);
    measured.server.push(await server.turn(command, shape, measureMs));
    measured.echo.push(await echo.turn(command, shape, measureMs));
    if (redisTurns === undefined) continue;
    measured.redis.push(await redisTurns.turn(command, shape, measureMs));
  }
  return measured;
}

function ratios(mine: readonly number[], others: readonly number[]): number[] {
  return others.map((other, round) => mine[round]! / other);
}

function rowOf(command: Command, shape: Shape, measured: Measured): Row {
  const { server, echo, redis } = measured;
  const toEcho = ratios(server, echo);
  const toRedis = ratios(server, redis);
  return {
    command: command.title,
    shape: shape.name,
    server: median(server),
    echo: median(echo),
    toEcho: median(toEcho),
    toEchoLow: Math.min(...toEcho),
    toEchoHigh: Math.max(...toEcho),
    redisCommand: command.redisName,
    redis: redis.length > 0 ? median(redis) : null,
    toRedis: redis.length > 0 ? median(toRedis) : null,
  };
}

function figuresOf(row: Row): Figure[] {
  const { command, shape } = row;
  if (command !== "IAMAT") return [];
  const target = TARGETS[shape as Shape["name"]];
  const share = (measured: unknown, other: string, least: number): Figure => ({
    what: `one server, ${shape} IAMAT to ${other}`,
    measured: measured as number | null,
    target: least,
    bound: "at least",
    unit: "×",
    digits: 2,
  });
  return [
    share(row["toEcho"], "bare echo", target.echo),
    share(row["toRedis"], "Redis GEOADD", target.redis),
  ];
}

/** Each figure as a row of its own, for the plot. */
function barsOf(rows: readonly Row[]): Row[] {
  return rows.flatMap((row) => {
    const load = `${row["command"]} ${row["shape"]}`;
    return [
      { load, who: "this server", perSecond: row["server"]! },
      { load, who: "bare Deno echo", perSecond: row["echo"]! },
      ...row["redis"] === null
        ? []
        : [{ load, who: "Redis GEOADD, GEOPOS", perSecond: row["redis"]! }],
    ];
  });
}

async function run(context: Context): Promise<Findings> {
  const { quick, processes } = context;
  const turns = (rounds: number, measureMs: number): Turns =>
    quick
      ? { rounds: 1, measureMs: 100, firstMs: 10 }
      : { rounds, measureMs, firstMs: 1_500 };
  await using redis = await startRedis(processes);
  await using server = await Target.start(processes, "server");
  await using echo = await Target.start(processes, "echo");
  const entrants: Entrants = { server, echo, redis };
  context.progress("the core alone");
  const core = coreLinesPerSecond(CORE_CLIENTS, quick ? 100 : 2_000);
  const rows: Row[] = [];
  for (const command of COMMANDS) {
    const [rounds, measureMs] = command.name === "iamat"
      ? [5, 1_000]
      : [3, 500];
    for (const shape of SHAPES) {
      const measured = await measure(
        context,
        entrants,
        command,
        shape,
        turns(rounds, measureMs),
      );
      rows.push(rowOf(command, shape, measured));
    }
  }
  return {
    notes: NOTES,
    tables: [
      { title: "Commands a second", columns: COLUMNS, rows },
      {
        title: "The core alone, bytes in and bytes out, without a socket",
        columns: [{ key: "perSecond", title: "IAMAT/s" }],
        rows: [{ perSecond: core }],
      },
    ],
    plots: [{
      name: "one-server",
      title: "One server: commands a second",
      kind: "bar",
      x: { key: "load", title: "" },
      y: { key: "perSecond", title: "a second", scale: "log" },
      series: "who",
      rows: barsOf(rows),
    }],
    figures: rows.flatMap(figuresOf),
    skipped: redis === undefined ? [REDIS_MISSING] : [],
  };
}

const COLUMNS = [
  { key: "command", title: "command" },
  { key: "shape", title: "load" },
  { key: "server", title: "server /s" },
  { key: "echo", title: "echo /s" },
  { key: "toEcho", title: "ratio to echo", digits: 2 },
  { key: "toEchoLow", title: "min", digits: 2 },
  { key: "toEchoHigh", title: "max", digits: 2 },
  { key: "redisCommand", title: "Redis" },
  { key: "redis", title: "Redis /s" },
  { key: "toRedis", title: "ratio to Redis", digits: 2 },
];

const NOTES = [
  "Server, echo and Redis are started once and warmed up, and then take turns; " +
  "ratios are medians of the ratios of each two turns. Pipelined: one connection " +
  "with 1,000 commands under way; unpipelined: 50 connections with one each. The echo is a Deno process that " +
  "sends back what it reads; server and echo are driven by the same generator, " +
  "Redis (without persistence) by redis-benchmark at the same depth.",
  "Each IAMAT is newer than the one before of its client, so each is stored. " +
  "The GEOADDs set the position that is held, which is the quicker case for " +
  "Redis. WHATSAT is asked of a server that has no places service: its reply is " +
  "the AT line and an empty list of places, and no lookup is made; the echo " +
  "sends back the questions, which are shorter.",
];

export const oneServer: Section = {
  name: "one-server",
  title: "One server beside a bare echo and Redis",
  seconds: 70,
  run,
};
