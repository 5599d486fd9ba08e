/**
 * The world of this project's servers in a process each: one's death, by memory
 * too, is its own. All of them can be seen but what shared memory would tell.
 *
 * @module
 */
import { removeData } from "../data_dir.ts";
import type { Ask } from "../ask.ts";
import { permissionsOf } from "../permissions.ts";
import type { Answers, Question } from "../questions.ts";
import {
  ServerEnded,
  type ServerHandle,
  type ServerReport,
  type ServerStart,
  type ServerWatcher,
  type World,
} from "../world.ts";
import { AskedProcess } from "./asked_process.ts";
import type { Order, Report } from "./wire.ts";

type ServerProcess = AskedProcess<Question, Answers, Order, Report>;

/** Servers of this project, in processes. */
export class OwnProcesses implements World, AsyncDisposable {
  readonly name = "servers in processes of their own";
  readonly sees: World["sees"] = new Set([
    "answers",
    "records",
    "links",
    "memory",
  ]);
  readonly takesOrders = true;
  readonly #running = new Set<ServerProcess>();

  wipe(server: ServerStart): Promise<void> {
    return removeData(server);
  }

  start(server: ServerStart, watcher: ServerWatcher): ServerHandle {
    const handle = new OwnServer(server, watcher);
    const { process } = handle;
    this.#running.add(process);
    process.ended.then(() => this.#running.delete(process));
    return handle;
  }

  /** Ends what still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    const running = [...this.#running];
    for (const process of running) process.kill(new Error("The world ended"));
    await Promise.all(running.map(({ ended }) => ended));
  }
}

/** One process and its server. */
class OwnServer implements ServerHandle {
  readonly process: ServerProcess;
  readonly ask: Ask<Question, Answers>;
  readonly #name: string;
  #silentBeats = 0;
  #hasStopped = false;

  constructor(server: ServerStart, { clock, onReport }: ServerWatcher) {
    this.#name = server.name;
    const process = this.process = new AskedProcess({
      name: server.name,
      module: new URL(import.meta.resolve("./serve_main.ts")),
      permissions: flagsFor(server),
      clock,
      onReport: (report: Report) => this.#hear(report, onReport),
      onEnd: (why) => {
        if (!this.#hasStopped) onReport({ kind: "crashed", why });
      },
    });
    this.ask = (question, options) => process.ask(question, options);
    process.tell({ kind: "start", server });
  }

  #hear(report: Report, onReport: (report: ServerReport) => void): void {
    this.#silentBeats = 0;
    if (report.kind === "pong") return;
    // Its process ends with that, which need not be told again.
    this.#hasStopped ||= report.kind !== "listening" && report.kind !== "event";
    onReport(report);
  }

  heartbeat(): number {
    this.process.tell({ kind: "ping" });
    return this.#silentBeats++;
  }

  /** As Ctrl-Z does it. */
  pause(): Promise<void> {
    this.process.pause();
    return Promise.resolve();
  }

  resume(): void {
    this.#silentBeats = 0;
    this.process.resume();
  }

  stop(): void {
    this.resume();
    this.process.tell({ kind: "stop" });
  }

  crash(why: string): void {
    this.process.tell({ kind: "crash", why });
  }

  kill(): void {
    this.process.kill(new ServerEnded(this.#name));
  }
}

/** What it may do, as flags of `deno run`. */
function flagsFor(server: ServerStart): string[] {
  const { net, read, write } = permissionsOf(server);
  return [
    `--allow-net=${net.join(",")}`,
    "--allow-env=LOG_TOKENS,LOG_STREAM",
    ...read ? [`--allow-read=${read.join(",")}`] : [],
    ...write ? [`--allow-write=${write.join(",")}`] : [],
  ];
}
