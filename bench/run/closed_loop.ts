/**
 * Closed loops on one server, a bare echo and Redis: a number of commands is
 * kept in flight, and answers are counted.
 *
 * @module
 */
import type { ReplyEnd } from "./counting.ts";
import type { Processes } from "./processes.ts";
import { type Redis, redisMeasured } from "./redis.ts";
import { startServer } from "./servers.ts";

/**
 * Commands of the first run of `redis-benchmark`, to see how many fit into a
 * turn.
 */
const REDIS_PROBE_COMMANDS = 50_000;

export interface Shape {
  readonly name: "pipelined" | "unpipelined";
  readonly connections: number;
  /** Commands in flight on each of them. */
  readonly inFlight: number;
}

/** A command, and a comparable one of Redis. */
export interface Command {
  readonly name: "iamat" | "whatsat";
  readonly title: string;
  readonly replyEnd: ReplyEnd;
  /** The name of the comparable command. */
  readonly redisName: string;
  readonly redis: readonly string[];
}

/**
 * The server, or the echo. One instance runs through all turns, so that
 * compiled code is measured.
 */
export class Target implements AsyncDisposable {
  readonly #processes: Processes;
  readonly #kind: "server" | "echo";
  readonly #process: AsyncDisposable;
  readonly #port: number;
  #turns = 0;

  private constructor(
    processes: Processes,
    kind: "server" | "echo",
    process: AsyncDisposable,
    port: number,
  ) {
    this.#processes = processes;
    this.#kind = kind;
    this.#process = process;
    this.#port = port;
  }

  static async start(
    processes: Processes,
    kind: "server" | "echo",
  ): Promise<Target> {
    if (kind === "server") {
      const server = await startServer(processes);
      return new Target(processes, kind, server, server.port);
    }
    const echo = processes.module("echo.ts", []);
    return new Target(processes, kind, echo, await echo.ask<number>("port"));
  }

  /** Commands a second. Each turn has clients of its own. */
  async turn(command: Command, shape: Shape, ms: number): Promise<number> {
    return await generated(this.#processes, {
      port: this.#port,
      shape,
      name: `turn${String(++this.#turns).padStart(3, "0")}`,
      command: command.name,
      replyEnd: this.#kind === "echo" ? "line" : command.replyEnd,
      ms,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
  }
}

/** A generator's load for anything that listens on a port. */
export interface Generated {
  readonly port: number;
  readonly shape: Shape;
  /** Prefix of its clients' names. */
  readonly name: string;
  readonly command: Command["name"];
  readonly replyEnd: ReplyEnd;
  /** Milliseconds of measurement, after a quarter of that to warm up. */
  readonly ms: number;
}

/** Commands a second. */
export async function generated(
  processes: Processes,
  load: Generated,
): Promise<number> {
  await using generator = processes.module("generator.ts", [
    JSON.stringify(load),
  ]);
  return await generator.ask<number>("perSecond");
}

/** Redis, driven for about as long as the others. */
export class RedisTurns {
  readonly #processes: Processes;
  readonly #redis: Redis;
  /** Its rate in the last turn. */
  #perSecond: number | undefined;

  constructor(processes: Processes, redis: Redis) {
    this.#processes = processes;
    this.#redis = redis;
  }

  /** Commands a second. */
  async turn(command: Command, shape: Shape, ms: number): Promise<number> {
    const before = this.#perSecond;
    const commands = before === undefined
      ? REDIS_PROBE_COMMANDS
      : Math.ceil(before * ms / 1_000);
    const { perSecond } = await redisMeasured(this.#processes, {
      port: this.#redis.port,
      connections: shape.connections,
      inFlight: shape.inFlight,
      keys: shape.connections * shape.inFlight,
      commands,
      command: command.redis,
    });
    this.#perSecond = perSecond;
    if (before === undefined) return await this.turn(command, shape, ms);
    return this.#perSecond;
  }
}
