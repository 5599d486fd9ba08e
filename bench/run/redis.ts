/**
 * A Redis server for measuring, and `redis-benchmark` to drive it.
 *
 * @module
 */
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { freePorts } from "../../sim/live/servers/ports.ts";
import type { Processes } from "./processes.ts";
import { untilListening } from "./listening.ts";

export const REDIS_MISSING =
  "Redis is not installed; on Debian: apt-get install redis-server redis-tools";

export interface Redis extends AsyncDisposable {
  readonly port: number;
}

/**
 * Starts one on a free port that keeps nothing on disk; `undefined` if it is not
 * installed.
 *
 * @param primary The port of the one whose replica it is; none by default.
 */
export async function startRedis(
  processes: Processes,
  primary?: number,
): Promise<Redis | undefined> {
  const port = freePorts(denoPlatform, 1)[0]!;
  const args = ["--bind", "127.0.0.1", "--port", String(port)]
    .concat([
      "--save",
      "",
      "--appendonly",
      "no",
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
  /** Commands under way on each connection. */
  readonly inFlight: number;
  readonly commands: number;
  /** Keys, or members, that `__rand_int__` stands for. */
  readonly keys: number;
  readonly command: readonly string[];
}

/** Commands a second, as `redis-benchmark` counts them. */
export async function redisPerSecond(
  processes: Processes,
  load: RedisLoad,
): Promise<number> {
  const csv = await processes.output(
    "redis-benchmark",
    [
      ...["-p", load.port, "-c", load.connections, "-P", load.inFlight],
      ...["-n", load.commands, "-r", load.keys, "--csv", ...load.command],
    ].map(String),
  );
  const perSecond = Number(csv.trim().split("\n")[1]?.split('","')[1]);
  if (perSecond > 0) return perSecond;
  throw new Error(`Cannot read what redis-benchmark printed: ${csv}`);
}
