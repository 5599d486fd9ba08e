/**
 * The cost of durability: that an acknowledged fix survives its server.
 *
 * @module
 */
import { DURABILITY, type Durability } from "../../herd/core/durability.ts";
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { atLeast, atMost } from "../report/figures.ts";
import type { Figure, Findings, Row } from "../report/results.ts";
import {
  acknowledged,
  acknowledgedWhile,
  fill,
  startDurable,
  startOn,
} from "../run/durable.ts";
import { closedLoop, type Shape, SHAPES } from "../run/closed_loop.ts";
import {
  type Redis,
  REDIS_MISSING,
  redisTurn,
  startRedis,
} from "../run/redis.ts";
import { byTurns, medians, middle, ratios } from "../run/turns.ts";
import type { Context, Section } from "./section.ts";

/** Throughput of `disk`, relative to Redis. */
const TO_REDIS = {
  pipelined: atLeast(2, "×", 2),
  unpipelined: atLeast(0.9, "×", 2),
};
/** Each sets another position: an unchanged one is not written to the log. */
const GEOADD = [
  ...["GEOADD", "herd", "__rand_int__e-2", "__rand_int__e-2", "c-__rand_int__"],
];
/** Minimum bytes of a GEOADD in the log. */
const GEOADD_BYTES = 64;
const RECORDS = 1_000_000;
/** More files than a server leaves unmerged when it starts. */
const FILES = 10;
const PER_SECOND = 1_000;
/** A disk holds up one sync or another for its own reasons. */
const ROUNDS = 5;

type Who = Durability | "redis";
/** Measures one of the compared systems. */
type TakeTurn = (shape: Shape, ms: number) => Promise<Turn>;

interface Turn {
  readonly perSecond: number;
  readonly p50?: number;
  readonly p99?: number;
}

async function serverTurn(
  { processes }: Context,
  port: number,
  shape: Shape,
  ms: number,
): Promise<Turn> {
  const load = { port, shape, command: "iamat", replyEnd: "line", ms } as const;
  const perSecond = await closedLoop(processes, load);
  if (shape.inFlight > 1) return { perSecond };
  return { ...await acknowledged(port, shape.connections, ms), perSecond };
}

async function loggedTurn(
  { processes }: Context,
  redis: Redis,
  log: string,
  shape: Shape,
  ms: number,
): Promise<Turn> {
  const before = bytesIn(log);
  const turn = await redisTurn(processes, redis, GEOADD, shape, ms);
  const bytesMin = turn.commands * GEOADD_BYTES;
  if (bytesIn(log) - before >= bytesMin) return turn;
  throw new Error("Redis did not write all commands to its log");
}

/** Bytes of all files in a folder, and in those within. */
function bytesIn(folder: string): number {
  return [...Deno.readDirSync(folder)].reduce(
    (bytes, { name, isDirectory }) => {
      const path = `${folder}/${name}`;
      return bytes + (isDirectory ? bytesIn(path) : Deno.statSync(path).size);
    },
    0,
  );
}

async function levels(context: Context): Promise<{
  rows: Row[];
  figures: Figure[];
  hasRedis: boolean;
}> {
  const [rounds, ms] = context.quick ? [1, 100] : [5, 1_500];
  await using stack = new AsyncDisposableStack();
  const dir = await Deno.makeTempDir({ prefix: "herd-bench-" });
  stack.defer(() => Deno.remove(dir, { recursive: true }));
  const take: Partial<Record<Who, TakeTurn>> = {};
  const redis = stack.use(
    await startRedis(context.processes, { appendAlways: dir }),
  );
  for (const who of DURABILITY) {
    const { port } = stack.use(await startDurable(context.processes, who));
    take[who] = (shape, ms) => serverTurn(context, port, shape, ms);
  }
  if (redis !== undefined) {
    take.redis = (shape, ms) => loggedTurn(context, redis, dir, shape, ms);
  }
  const all = Object.keys(take) as Who[];
  const rows: Row[] = [];
  const figures: Figure[] = [];
  for (const shape of SHAPES) {
    const measure = (who: Who, round: number) => {
      context.progress(`${shape.name}, turn ${round}/${rounds}`);
      return take[who]!(shape, ms);
    };
    // The first round is for code to be compiled.
    await byTurns(all, 1, (who) => measure(who, 0));
    const turns = await byTurns(all, rounds, measure);
    const rates = (who: Who) => turns[who]?.map((it) => it.perSecond) ?? [];
    const toRedis = (who: Who) => middle(ratios(rates(who), rates("redis")));
    rows.push(...all.map((who): Row => ({
      load: shape.name,
      who: who === "redis" ? "Redis, appendfsync always" : who,
      ...medians(turns[who], ["perSecond", "p50", "p99"]),
      toRedis: toRedis(who),
    })));
    figures.push({
      what: `disk, ${shape.name}, to Redis with appendfsync always`,
      measured: toRedis("disk"),
      ...TO_REDIS[shape.name],
    });
  }
  return { rows, figures, hasRedis: redis !== undefined };
}

/** A server that recovers its records, and then writes a snapshot. */
interface Recovered {
  readonly recoveredS: number;
  readonly p99During: number | undefined;
  readonly p99: number | undefined;
}

async function recoveredOnce(
  context: Context,
  records: number,
): Promise<Recovered> {
  const dir = await Deno.makeTempDir({ prefix: "herd-bench-" });
  try {
    context.progress(`${records} records on disk`);
    await fill(dir, records, FILES);
    const { clock } = denoPlatform;
    const beganMs = clock.nowMs();
    await using server = await startOn(dir);
    const recoveredS = (clock.nowMs() - beganMs) / 1_000;
    if (server.records().length !== records) throw new Error("Some are lost");
    context.progress("a snapshot");
    const isWritten = () =>
      [...Deno.readDirSync(dir)].some(({ name }) =>
        name.startsWith("snapshot-")
      );
    const during = await acknowledgedWhile(server.port, PER_SECOND, isWritten);
    const stopMs = clock.nowMs() + (context.quick ? 200 : 3_000);
    const isOver = () => clock.nowMs() > stopMs;
    const after = await acknowledgedWhile(server.port, PER_SECOND, isOver);
    return { recoveredS, p99During: during?.p99, p99: after?.p99 };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

async function recovered(context: Context): Promise<{
  row: Row;
  figures: Figure[];
}> {
  const records = context.quick ? 10_000 : RECORDS;
  const all: Recovered[] = [];
  while (all.length < (context.quick ? 1 : ROUNDS)) {
    all.push(await recoveredOnce(context, records));
  }
  const row = medians(all, ["recoveredS", "p99During", "p99"]);
  const times = middle(ratios([row.p99During], [row.p99]));
  return {
    row: { records, ...row, times },
    figures: [{
      what: "recovery of 1,000,000 records from disk",
      measured: row.recoveredS,
      ...atMost(5, "s", 1),
    }, {
      what: "p99 while a snapshot is written, to that without one",
      measured: times,
      ...atMost(2, "×", 2),
    }],
  };
}

async function run(context: Context): Promise<Partial<Findings>> {
  const { rows, figures, hasRedis } = await levels(context);
  const { row, figures: others } = await recovered(context);
  return {
    notes: NOTES,
    tables: [{
      title: "Acknowledged fixes a second",
      columns: [
        { key: "load", title: "load" },
        { key: "who", title: "durable" },
        { key: "perSecond", title: "/s" },
        { key: "p50", title: "p50, ms", digits: 2 },
        { key: "p99", title: "p99, ms", digits: 2 },
        { key: "toRedis", title: "ratio to Redis", digits: 2 },
      ],
      rows,
    }, {
      title: "From disk",
      columns: [
        { key: "records", title: "records" },
        { key: "recoveredS", title: "recovered, s", digits: 2 },
        { key: "p99During", title: "p99 during a snapshot, ms", digits: 2 },
        { key: "p99", title: "p99 without, ms", digits: 2 },
        { key: "times", title: "ratio", digits: 2 },
      ],
      rows: [row],
    }],
    figures: [...figures, ...others],
    skipped: hasRedis ? [] : [REDIS_MISSING],
  };
}

const NOTES = [
  "Each is started once, and they take turns. none and disk are one server; peer " +
  "and all are the middle of three that keep nothing on disk. Redis syncs its log " +
  "before it replies (appendfsync always), and each GEOADD sets another position: " +
  "one that changes nothing is not logged. Pipelined: one connection with 1,000 " +
  "fixes under way; unpipelined: 50 with one each. Times are those of clients of " +
  "one process, and for Redis those of redis-benchmark.",
  "A snapshot is written while 1,000 fixes a second come in, of all records, as a " +
  "server does that finds more than eight files. Five times, of which these are the " +
  "medians.",
];

export const durability: Section = {
  name: "durability",
  title: "What it costs that a fix outlasts its server",
  seconds: 200,
  run,
};
