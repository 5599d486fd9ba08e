/**
 * Closed loops over one server, a bare echo and Redis: a number of commands is
 * kept under way, and those are counted that were answered.
 *
 * @module
 */
import type { ReplyEnd } from "./counting.ts";
import type { Processes, Program } from "./processes.ts";
import { type Redis, redisMeasured } from "./redis.ts";

/** What `redis-benchmark` is told first, to see how much it can do in a turn. */
const REDIS_PROBE_COMMANDS = 50_000;

export interface Shape {
  readonly name: "pipelined" | "unpipelined";
  readonly connections: number;
  /** Commands under way on each of them. */
  readonly inFlight: number;
}

/** A command, and what does about the same in Redis. */
export interface Command {
  readonly name: "iamat" | "whatsat";
  readonly title: string;
  readonly replyEnd: ReplyEnd;
  /** What is about the same is called. */
  readonly redisName: string;
  readonly redis: readonly string[];
}

/**
 * The server, or the echo. Each runs through all turns, so that what is measured
 * is code that has been compiled.
 */
export class Target implements AsyncDisposable {
  readonly #processes: Processes;
  readonly #kind: "server" | "echo";
  readonly #program: Program;
  readonly #port: number;
  #turns = 0;

  private constructor(
    processes: Processes,
    kind: "server" | "echo",
    program: Program,
    port: number,
  ) {
    this.#processes = processes;
    this.#kind = kind;
    this.#program = program;
    this.#port = port;
  }

  static async start(
    processes: Processes,
    kind: "server" | "echo",
  ): Promise<Target> {
    const program = processes.module("target.ts", [kind]);
    const port = await program.ask<number>("port");
    return new Target(processes, kind, program, port);
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
    await this.#program[Symbol.asyncDispose]();
  }
}

/** A load of the generator's on whatever listens on a port. */
export interface Generated {
  readonly port: number;
  readonly shape: Shape;
  /** What its clients' names begin with. */
  readonly name: string;
  readonly command: Command["name"];
  readonly replyEnd: ReplyEnd;
  readonly ms: number;
}

/** Commands a second. */
export async function generated(
  processes: Processes,
  { port, shape, name, command, replyEnd, ms }: Generated,
): Promise<number> {
  await using generator = processes.module("generator.ts", [
    `--port=${port}`,
    `--connections=${shape.connections}`,
    `--in-flight=${shape.inFlight}`,
    `--name=${name}`,
    `--command=${command}`,
    `--reply-end=${replyEnd}`,
    `--warmup-ms=${ms / 4}`,
    `--measure-ms=${ms}`,
  ]);
  return await generator.ask<number>("perSecond");
}

/** Redis, driven for about as long as the others are. */
export class RedisTurns {
  readonly #processes: Processes;
  readonly #redis: Redis;
  /** How fast it was in the last turn. */
  #perSecond: number | undefined;

  /** A server that has just been started. */
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
