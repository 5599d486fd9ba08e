/**
 * A Redis server for measuring, and `redis-benchmark` to drive it.
 *
 * @module
 */
import type { Shape } from "./closed_loop.ts";
import { untilListening } from "./listening.ts";
import type { Processes } from "./processes.ts";

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
  if (!await processes.has("redis-server")) return undefined;
  const port = processes.ports.take(1)[0]!;
  await using stack = new AsyncDisposableStack();
  stack.use(processes.daemon("redis-server", [
    ...["--bind", "127.0.0.1", "--port", String(port), "--save", ""],
    ...appendAlways === undefined ? ["--appendonly", "no"] : [
      ...["--appendonly", "yes", "--appendfsync", "always"],
      ...["--auto-aof-rewrite-percentage", "0", "--dir", appendAlways],
    ],
    ...["--repl-diskless-load", "on-empty-db"],
    ...["--repl-diskless-sync-delay", "0"],
    ...primary ? ["--replicaof", "127.0.0.1", String(primary)] : [],
  ]));
  await untilListening("redis-server", port);
  return Object.assign(stack.move(), { port });
}

/** Commands by which is seen how many fit into a turn. */
const PROBE_COMMANDS = 50_000;

/** What `redis-benchmark` tells: commands a second, and milliseconds. */
interface Measured {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** A turn of Redis, and how many commands it took in all. */
export interface RedisTurn extends Measured {
  readonly commands: number;
}

/**
 * Drives Redis for about so long.
 *
 * @param command One with `__rand_int__`, for as many as are under way.
 */
export async function redisTurn(
  processes: Processes,
  { port }: Redis,
  command: readonly string[],
  { connections, inFlight }: Shape,
  ms: number,
): Promise<RedisTurn> {
  const measured = async (commands: number): Promise<Measured> => {
    const csv = await processes.output(
      "redis-benchmark",
      [
        ...["-p", port, "-c", connections, "-P", inFlight, "-n", commands],
        ...["-r", connections * inFlight, "--csv", ...command],
      ].map(String),
    );
    const [, perSecond = 0, , , p50 = 0, , p99 = 0] =
      csv.trim().split("\n")[1]?.split('","').map(parseFloat) ?? [];
    if (perSecond > 0) return { perSecond, p50, p99 };
    throw new Error(`Cannot read what redis-benchmark printed: ${csv}`);
  };
  const { perSecond } = await measured(PROBE_COMMANDS);
  const commands = Math.ceil(perSecond * ms / 1_000);
  return { ...await measured(commands), commands: PROBE_COMMANDS + commands };
}
