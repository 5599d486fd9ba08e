/**
 * The world of threads: each server is a Web Worker of this process, with real
 * TCP. Everything in it can be observed.
 *
 * @module
 */
import { removeData } from "../data_dir.ts";
import type { Clock } from "../../../herd/net/platform.ts";
import { ALL_SIGHTS } from "../../model/sight.ts";
import { traceMemory } from "../../model/trace.ts";
import type { Ask } from "../ask.ts";
import { inTime } from "../in_time.ts";
import type { Answers, Question } from "../questions.ts";
import {
  ServerEnded,
  type ServerHandle,
  type ServerReport,
  type ServerStart,
  type ServerWatcher,
  type World,
} from "../world.ts";
import { permissionsOf } from "../permissions.ts";
import { oneModule } from "./one_module.ts";
import { Thread } from "./thread.ts";
import type { FromWorker, ToWorker } from "./wire.ts";

/**
 * A world whose servers run in threads of this process.
 *
 * @param module The module that each thread runs; by default the server's.
 */
export function threads(module?: URL): World {
  return {
    name: "servers in threads",
    sees: new Set(ALL_SIGHTS),
    wipe: removeData,
    takesOrders: true,
    start: (server, watcher) =>
      new ServerThread(server, watcher, module ?? serverModule()),
  };
}

function serverModule(): URL {
  // For packing, a worker's module must be a literal in a URL in a constant.
  const module = new URL(import.meta.resolve("./worker.ts"));
  return oneModule(module);
}

type Order = Exclude<ToWorker, { kind: "ask" | "forget" }>;
type Report = Exclude<FromWorker, { kind: "answer" | "no-answer" }>;

const RUNNING = 0;
const PAUSED = 1;

/** One thread and its server. */
class ServerThread implements ServerHandle {
  readonly trace?: SharedArrayBuffer;
  readonly ask: Ask<Question, Answers>;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #thread: Thread<Question, Answers, Order, Report>;
  readonly #onReport: (report: ServerReport) => void;
  readonly #flag = new Int32Array(new SharedArrayBuffer(4));
  #silentBeats = 0;
  #onPaused: PromiseWithResolvers<void> | undefined;

  constructor(
    { trace: isTraced, ...server }: ServerStart,
    { clock, onReport }: ServerWatcher,
    module: URL,
  ) {
    this.#name = server.name;
    this.#clock = clock;
    this.#onReport = onReport;
    if (isTraced) this.trace = traceMemory();
    const { trace } = this;
    const thread = this.#thread = new Thread({
      name: server.name,
      module,
      permissions: permissionsOf(server),
      clock,
      onReport: (report) => this.#hear(report),
      onError: (why) => onReport({ kind: "crashed", why }),
    });
    this.ask = thread.ask;
    thread.tell({
      kind: "start",
      ...server,
      ...trace && { trace },
      pauseFlag: this.#flag.buffer,
      systemAheadMs: thread.systemAheadMs,
    });
  }

  #hear(report: Report): void {
    this.#silentBeats = 0;
    if (report.kind === "paused") this.#onPaused?.resolve();
    else if (report.kind !== "pong") this.#onReport(report);
  }

  heartbeat(): number {
    this.#thread.tell({ kind: "ping" });
    return this.#silentBeats++;
  }

  /** The thread sleeps, with its sockets and timers. */
  async pause(deadlineMs: number): Promise<void> {
    Atomics.store(this.#flag, 0, PAUSED);
    const { promise } = this.#onPaused = Promise.withResolvers<void>();
    this.#thread.tell({ kind: "pause" });
    const failure = `${this.#name} did not pause`;
    await inTime(promise, this.#clock, deadlineMs, failure);
  }

  resume(): void {
    this.#silentBeats = 0;
    Atomics.store(this.#flag, 0, RUNNING);
    Atomics.notify(this.#flag, 0);
  }

  stop(): void {
    this.resume();
    this.#thread.tell({ kind: "stop" });
  }

  crash(why: string): void {
    this.#thread.tell({ kind: "crash", why });
  }

  kill(): void {
    const reason = new ServerEnded(this.#name);
    this.#thread.end(reason);
    // A sleeping thread would not notice its end, nor release its sockets. It
    // is woken only now, so it does no more of its work.
    this.resume();
    this.#onPaused?.reject(reason);
  }
}
