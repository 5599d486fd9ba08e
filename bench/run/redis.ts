/**
 * A Redis server for measuring, and `redis-benchmark` to drive it.
 *
 * @module
 */
import type { Processes } from "./processes.ts";
import { untilListening } from "./listening.ts";

export const REDIS_MISSING =
  "Redis is not installed; on Debian: apt-get install redis-server redis-tools";

export interface Redis extends AsyncDisposable {
  readonly port: number;
}

/**
 * Starts one on a free port; `undefined` if it is not installed. It keeps
 * nothing on disk, unless it has to append to a log in a folder, synced before
 * each reply.
 */
export async function startRedis(
  processes: Processes,
  { primary, appendAlways }: {
    /** The port of its primary, if it is a replica. */
    readonly primary?: number;
    /** The folder of its log. */
    readonly appendAlways?: string;
  } = {},
): Promise<Redis | undefined> {
  const port = processes.ports.take(1)[0]!;
  const args = ["--bind", "127.0.0.1", "--port", String(port)]
    .concat([
      "--save",
      "",
      ...appendAlways === undefined ? ["--appendonly", "no"] : [
        ...["--appendonly", "yes", "--appendfsync", "always"],
        ...["--auto-aof-rewrite-percentage", "0"],
        ...["--dir", appendAlways],
      ],
      "--repl-diskless-load",
      "on-empty-db",
      "--repl-diskless-sync-delay",
      "0",
    ])
    .concat(primary ? ["--replicaof", "127.0.0.1", String(primary)] : []);
  try {
    const server = processes.daemon("redis-server", args);
    await untilListening("redis-server", port);
    return { port, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

export interface RedisLoad {
  readonly port: number;
  readonly connections: number;
  /** Commands in flight on each connection. */
  readonly inFlight: number;
  readonly commands: number;
  /** Number of keys, or members, that `__rand_int__` stands for. */
  readonly keys: number;
  readonly command: readonly string[];
}

/** The result of `redis-benchmark`: commands a second, and milliseconds. */
export interface RedisMeasured {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** Runs `redis-benchmark`. */
export async function redisMeasured(
  processes: Processes,
  load: RedisLoad,
): Promise<RedisMeasured> {
  const csv = await processes.output(
    "redis-benchmark",
    [
      ...["-p", load.port, "-c", load.connections, "-P", load.inFlight],
      ...["-n", load.commands, "-r", load.keys, "--csv", ...load.command],
    ].map(String),
  );
  const [, perSecond = 0, , , p50 = 0, , p99 = 0] =
    csv.trim().split("\n")[1]?.split('","').map(parseFloat) ?? [];
  if (perSecond > 0) return { perSecond, p50, p99 };
  throw new Error(`Cannot read what redis-benchmark printed: ${csv}`);
}
