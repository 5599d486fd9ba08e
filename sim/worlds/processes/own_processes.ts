/**
 * The world of this project's servers in a process each: one's death, by memory
 * too, is its own. All of them can be seen but what shared memory would tell.
 *
 * @module
 */
import { removeData } from "../data_dir.ts";
import type { Ask } from "../ask.ts";
import type { Machines } from "../machines.ts";
import { permissionsOf } from "../permissions.ts";
import type { Answers, Question } from "../questions.ts";
import type { Spawned } from "../spawned.ts";
import {
  ServerEnded,
  type ServerHandle,
  type ServerReport,
  type ServerStart,
  type ServerWatcher,
  type World,
} from "../world.ts";
import { AskedProcess } from "./asked_process.ts";
import { compareClocks } from "./clock_compare.ts";
import { ModuleProcess } from "./module_process.ts";
import type {
  Order,
  ProcessAnswers,
  ProcessQuestion,
  Report,
  Usage,
} from "./wire.ts";

type ServerProcess = AskedProcess<
  ProcessQuestion,
  ProcessAnswers,
  Order,
  Report
>;

/** Controls a server whose process is its own. */
export interface ProcessHandle extends ServerHandle {
  /** Resolves when its process has ended. */
  readonly ended: Promise<void>;
  /** What its process has used. */
  usage(): Promise<Usage>;
}

/** Who starts the processes of servers. */
export interface Starter {
  /** What its servers are called. */
  readonly name: string;
  /** The machines that they are on; left out where that is this one. */
  readonly machines?: Machines;
  /** Starts the process of a server, which serves nothing before it is told to. */
  start(server: ServerStart): Spawned;
  /** Removes what a server that has ended keeps on disk. */
  wipe(server: ServerStart): Promise<void>;
}

/** This machine. */
const HERE: Starter = {
  name: "servers in processes of their own",
  start: (server) => new ModuleProcess(serverModule(server)),
  wipe: removeData,
};

/** Servers of this project, in processes. */
export class OwnProcesses implements World, AsyncDisposable {
  readonly sees: World["sees"] = new Set([
    "answers",
    "records",
    "links",
    "memory",
  ]);
  readonly takesOrders = true;
  readonly #starter: Starter;
  readonly #running = new Set<OwnServer>();

  /** No servers yet. */
  constructor(starter: Starter = HERE) {
    this.#starter = starter;
  }

  get name(): string {
    return this.#starter.name;
  }

  get machines(): Machines | undefined {
    return this.#starter.machines;
  }

  async wipe(server: ServerStart): Promise<void> {
    await this.#starter.wipe(server);
  }

  start(server: ServerStart, watcher: ServerWatcher): ProcessHandle {
    const spawned = this.#starter.start(server);
    const isElsewhere = this.machines !== undefined;
    const handle = new OwnServer(server, watcher, spawned, isElsewhere);
    this.#running.add(handle);
    handle.ended.then(() => this.#running.delete(handle));
    return handle;
  }

  /** Ends what still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    const running = [...this.#running];
    for (const server of running) server.kill();
    await Promise.all(running.map(({ ended }) => ended));
  }
}

/** One process and its server. */
class OwnServer implements ProcessHandle {
  readonly ask: Ask<Question, Answers>;
  readonly #name: string;
  readonly #process: ServerProcess;
  readonly #spawned: Spawned;
  readonly #hearTime: ((atMs: number) => void) | undefined;
  #silentBeats = 0;
  #hasStopped = false;

  constructor(
    server: ServerStart,
    { clock, onReport }: ServerWatcher,
    spawned: Spawned,
    isElsewhere: boolean,
  ) {
    this.#name = server.name;
    this.#spawned = spawned;
    const process = this.#process = new AskedProcess({
      name: server.name,
      spawned,
      clock,
      onReport: (report: Report) => this.#hear(report, onReport),
      onEnd: (why) => {
        if (!this.#hasStopped) onReport({ kind: "crashed", why });
      },
      errorOf: (why) => new ServerEnded(server.name, why),
    });
    this.ask = process.ask;
    if (!isElsewhere) {
      process.tell({ kind: "start", server });
      return;
    }
    this.#hearTime = compareClocks(
      clock,
      () => process.tell({ kind: "ping" }),
      (aheadMs) => process.tell({ kind: "start", server, aheadMs }),
    );
  }

  #hear(report: Report, onReport: (report: ServerReport) => void): void {
    this.#silentBeats = 0;
    if (report.kind === "pong") return this.#hearTime?.(report.atMs);
    // Its process ends with that, which need not be told again.
    this.#hasStopped ||= report.kind !== "listening" && report.kind !== "event";
    onReport(report);
  }

  get ended(): Promise<void> {
    return this.#process.ended;
  }

  async usage(): Promise<Usage> {
    return await this.#process.ask<"usage">({ ask: "usage" });
  }

  heartbeat(): number {
    this.#process.tell({ kind: "ping" });
    return this.#silentBeats++;
  }

  async pause(deadlineMs: number): Promise<void> {
    await this.#spawned.pause(deadlineMs);
  }

  resume(): void {
    this.#silentBeats = 0;
    this.#spawned.resume();
  }

  stop(): void {
    this.resume();
    this.#process.tell({ kind: "stop" });
  }

  crash(why: string): void {
    this.#process.tell({ kind: "crash", why });
  }

  kill(): void {
    this.#process.kill(new ServerEnded(this.#name));
  }
}

/** The module of such a server, and what it may do. */
export function serverModule(
  server: ServerStart,
): { module: URL; permissions: string[] } {
  const { net, read, write } = permissionsOf(server);
  return {
    module: new URL(import.meta.resolve("./serve_main.ts")),
    permissions: [
      net === true ? "--allow-net" : `--allow-net=${net.join(",")}`,
      "--allow-env=LOG_TOKENS,LOG_STREAM",
      ...read ? [`--allow-read=${read.join(",")}`] : [],
      ...write ? [`--allow-write=${write.join(",")}`] : [],
    ],
  };
}
