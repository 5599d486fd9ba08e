/**
 * How fast one server is, compared with the platform's limit and with Redis.
 *
 * Absolute figures depend on the machine and its load, so the three take turns,
 * and what counts is the ratio of each two turns.
 *
 * @module
 */
import { atLeast, type Bound } from "../report/figures.ts";
import type { Figure, Findings, Row } from "../report/results.ts";
import {
  type ClosedLoop,
  closedLoop,
  type Shape,
  SHAPES,
} from "../run/closed_loop.ts";
import { coreLinesPerSecond } from "../run/core.ts";
import {
  type Redis,
  REDIS_MISSING,
  redisTurn,
  startRedis,
} from "../run/redis.ts";
import { startServer } from "../run/servers.ts";
import { byTurns, middle, ratios } from "../run/turns.ts";
import type { Context, Section } from "./section.ts";

/** A command, and a comparable one of Redis. */
interface Command {
  readonly name: ClosedLoop["command"];
  readonly title: string;
  readonly replyEnd: ClosedLoop["replyEnd"];
  /** The name of the comparable command. */
  readonly redisName: string;
  readonly redis: readonly string[];
}

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
const SHARES: Readonly<Record<string, { echo: Bound; redis: Bound }>> = {
  pipelined: { echo: atLeast(0.45, "×", 2), redis: atLeast(0.6, "×", 2) },
  unpipelined: { echo: atLeast(0.9, "×", 2), redis: atLeast(0.9, "×", 2) },
};

const CORE_CLIENTS = 1_000;

interface Turns {
  readonly rounds: number;
  readonly measureMs: number;
  /** Milliseconds of a warm-up turn, until code is compiled. */
  readonly firstMs: number;
}

/** Who runs through all turns, so that compiled code is measured. */
interface Entrants {
  /** Its port. */
  readonly server: number;
  /** Its port. */
  readonly echo: number;
  readonly redis: Redis | undefined;
}

async function measure(
  { processes, progress }: Context,
  { server, echo, redis }: Entrants,
  command: Command,
  shape: Shape,
  { rounds, measureMs, firstMs }: Turns,
): Promise<Row> {
  const what = `${command.title} ${shape.name}`;
  const load = { shape, command: command.name, replyEnd: command.replyEnd };
  const turn = {
    server: (ms: number) =>
      closedLoop(processes, { ...load, port: server, ms }),
    echo: (ms: number) =>
      closedLoop(processes, { ...load, port: echo, replyEnd: "line", ms }),
    redis: async (ms: number) => {
      if (redis === undefined) return null;
      return (await redisTurn(processes, redis, command.redis, shape, ms))
        .perSecond;
    },
  };
  progress(`${what}, warming up`);
  await turn.server(firstMs);
  await turn.echo(firstMs);
  const measured = await byTurns(
    ["server", "echo", "redis"],
    rounds,
    (who, round): Promise<number | null> => {
      progress(`${what}, turn ${round}/${rounds}`);
      return turn[who](measureMs);
    },
  );
  const toEcho = ratios(measured.server, measured.echo);
  return {
    command: command.title,
    shape: shape.name,
    server: middle(measured.server),
    echo: middle(measured.echo),
    toEcho: middle(toEcho),
    toEchoLow: Math.min(...toEcho),
    toEchoHigh: Math.max(...toEcho),
    redisCommand: command.redisName,
    redis: middle(measured.redis),
    toRedis: middle(ratios(measured.server, measured.redis)),
  };
}

function figuresOf(row: Row): Figure[] {
  const { command, shape } = row;
  if (command !== "IAMAT") return [];
  const { echo, redis } = SHARES[String(shape)]!;
  const what = `one server, ${shape} IAMAT to`;
  return [
    {
      what: `${what} bare echo`,
      measured: row["toEcho"] as number | null,
      ...echo,
    },
    {
      what: `${what} Redis GEOADD`,
      measured: row["toRedis"] as number | null,
      ...redis,
    },
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
  await using server = await startServer(processes);
  await using echoing = processes.module("echo.ts");
  const echo = await echoing.answer<number>("port");
  const entrants: Entrants = { server: server.port, echo, redis };
  context.progress("the core alone");
  const core = coreLinesPerSecond(CORE_CLIENTS, quick ? 100 : 2_000);
  const rows: Row[] = [];
  for (const command of COMMANDS) {
    const its = command.name === "iamat" ? turns(5, 1_000) : turns(3, 500);
    for (const shape of SHAPES) {
      rows.push(await measure(context, entrants, command, shape, its));
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
