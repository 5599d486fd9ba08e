/**
 * The cost of durability: that an acknowledged fix survives its server.
 *
 * @module
 */
import { DURABILITY, type Durability } from "../../herd/core/durability.ts";
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { median } from "../report/figures.ts";
import type { Figure, Findings, Row } from "../report/results.ts";
import {
  acknowledged,
  fill,
  paced,
  startDurable,
  startOn,
} from "../run/durable.ts";
import { generated, type Shape } from "../run/closed_loop.ts";
import {
  type Redis,
  REDIS_MISSING,
  redisMeasured,
  startRedis,
} from "../run/redis.ts";
import type { Context, Section } from "./section.ts";

const SHAPES: readonly Shape[] = [
  { name: "pipelined", connections: 1, inFlight: 1_000 },
  { name: "unpipelined", connections: 50, inFlight: 1 },
];
/** Minimum throughput of `disk`, relative to Redis. */
const TO_REDIS = { pipelined: 2, unpipelined: 0.9 };
/** Each sets another position: an unchanged one is not written to the log. */
const GEOADD = [
  ...["GEOADD", "herd", "__rand_int__e-2", "__rand_int__e-2", "c-__rand_int__"],
];
/** Minimum bytes of a GEOADD in the log. */
const GEOADD_BYTES = 64;
const RECORDS = 1_000_000;
/** More files than a server leaves unmerged when it starts. */
const FILES = 10;
const RECOVERED_S_MAX = 5;
const PER_SECOND = 1_000;
const SNAPSHOT_TIMES_MAX = 2;
/** A disk holds up one sync or another for its own reasons. */
const ROUNDS = 5;

/** One of the compared systems, and its results by shape. */
interface Entrant {
  readonly who: Durability | "redis";
  turn(shape: Shape, ms: number): Promise<Turn>;
}

interface Turn {
  readonly perSecond: number;
  readonly p50: number | null;
  readonly p99: number | null;
}

async function serverTurn(
  context: Context,
  port: number,
  name: string,
  shape: Shape,
  ms: number,
): Promise<Turn> {
  const perSecond = await generated(context.processes, {
    port,
    shape,
    name,
    command: "iamat",
    replyEnd: "line",
    ms,
  });
  const { connections, inFlight } = shape;
  if (inFlight > 1) return { perSecond, p50: null, p99: null };
  const latency = await acknowledged(port, connections, ms);
  return { perSecond, p50: latency?.p50 ?? null, p99: latency?.p99 ?? null };
}

async function redisTurn(
  { processes }: Context,
  { port }: Redis,
  log: string,
  { connections, inFlight }: Shape,
  ms: number,
): Promise<Turn> {
  const load = {
    port,
    connections,
    inFlight,
    keys: connections * inFlight,
    command: GEOADD,
  };
  const probe = await redisMeasured(processes, { ...load, commands: 20_000 });
  const commands = Math.ceil(probe.perSecond * ms / 1_000);
  const before = bytesIn(log);
  const measured = await redisMeasured(processes, { ...load, commands });
  if (bytesIn(log) - before >= commands * GEOADD_BYTES) return measured;
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
  const redis = await startRedis(context.processes, { appendAlways: dir });
  const entrants: Entrant[] = [];
  let turns = 0;
  for (const who of DURABILITY) {
    const { port } = stack.use(await startDurable(context.processes, who));
    const nameOf = () => `turn${String(++turns).padStart(3, "0")}`;
    entrants.push({
      who,
      turn: (shape, ms) => serverTurn(context, port, nameOf(), shape, ms),
    });
  }
  if (redis !== undefined) {
    stack.use(redis);
    entrants.push({
      who: "redis",
      turn: (shape, ms) => redisTurn(context, redis, dir, shape, ms),
    });
  }
  const rows: Row[] = [];
  const figures: Figure[] = [];
  for (const shape of SHAPES) {
    const measured = await roundsOf(context, entrants, shape, rounds!, ms!);
    rows.push(...rowsOf(shape, measured));
    const toRedis = ratios(measured, "disk", "redis");
    figures.push({
      what: `disk, ${shape.name}, to Redis with appendfsync always`,
      measured: toRedis.length > 0 ? median(toRedis) : null,
      target: TO_REDIS[shape.name],
      bound: "at least",
      unit: "×",
      digits: 2,
    });
  }
  return { rows, figures, hasRedis: redis !== undefined };
}

type Measured = ReadonlyMap<Entrant["who"], readonly Turn[]>;

/** They take turns: what counts is the ratio of each two. */
async function roundsOf(
  { progress }: Context,
  entrants: readonly Entrant[],
  shape: Shape,
  rounds: number,
  ms: number,
): Promise<Measured> {
  const measured = new Map<Entrant["who"], Turn[]>();
  for (let round = 0; round <= rounds; round++) {
    progress(`${shape.name}, turn ${round}/${rounds}`);
    for (const { who, turn } of entrants) {
      const its = await turn(shape, ms);
      // The first round is for code to be compiled.
      if (round > 0) measured.set(who, [...measured.get(who) ?? [], its]);
    }
  }
  return measured;
}

function ratios(
  measured: Measured,
  one: Entrant["who"],
  other: Entrant["who"],
): number[] {
  const others = measured.get(other) ?? [];
  return others.map(({ perSecond }, round) =>
    measured.get(one)![round]!.perSecond / perSecond
  );
}

/** The median of those that were measured. */
function middle(numbers: readonly (number | null)[]): number | null {
  const known = numbers.filter((it) => it !== null);
  return known.length > 0 ? median(known) : null;
}

function rowsOf(shape: Shape, measured: Measured): Row[] {
  return [...measured].map(([who, turns]) => {
    const toRedis = ratios(measured, who, "redis");
    return {
      load: shape.name,
      who: who === "redis" ? "Redis, appendfsync always" : who,
      perSecond: median(turns.map((it) => it.perSecond)),
      p50: middle(turns.map((it) => it.p50)),
      p99: middle(turns.map((it) => it.p99)),
      toRedis: toRedis.length > 0 ? median(toRedis) : null,
    };
  });
}

/** A server that recovers its records, and then writes a snapshot. */
interface Recovered {
  readonly recoveredS: number;
  readonly p99During: number | null;
  readonly p99: number | null;
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
    const during = await paced(server.port, PER_SECOND, isWritten);
    const stopMs = clock.nowMs() + (context.quick ? 200 : 3_000);
    const isOver = () => clock.nowMs() > stopMs;
    const after = await paced(server.port, PER_SECOND, isOver);
    return {
      recoveredS,
      p99During: during?.p99 ?? null,
      p99: after?.p99 ?? null,
    };
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
  for (let round = 0; round < (context.quick ? 1 : ROUNDS); round++) {
    all.push(await recoveredOnce(context, records));
  }
  const recoveredS = median(all.map(({ recoveredS }) => recoveredS));
  const p99During = middle(all.map(({ p99During }) => p99During));
  const p99 = middle(all.map(({ p99 }) => p99));
  const times = p99During !== null && p99 !== null ? p99During / p99 : null;
  return {
    row: { records, recoveredS, p99During, p99, times },
    figures: [{
      what: "recovery of 1,000,000 records from disk",
      measured: recoveredS,
      target: RECOVERED_S_MAX,
      bound: "at most",
      unit: "s",
      digits: 1,
    }, {
      what: "p99 while a snapshot is written, to that without one",
      measured: times,
      target: SNAPSHOT_TIMES_MAX,
      bound: "at most",
      unit: "×",
      digits: 2,
    }],
  };
}

async function run(context: Context): Promise<Findings> {
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
    plots: [],
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
