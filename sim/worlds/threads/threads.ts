/**
 * The world of threads: each server is a Web Worker of this process, on real
 * TCP. All of it can be seen.
 *
 * @module
 */
import { removeData } from "../data_dir.ts";
import { abortable } from "@std/async";
import type { Clock } from "../../../herd/net/platform.ts";
import { Deadline } from "../../../herd/net/timing.ts";
import { ALL_SIGHTS } from "../../model/sight.ts";
import { traceMemory } from "../../model/trace.ts";
import { type Ask, NoAnswer } from "../ask.ts";
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
 * A world of threads.
 *
 * @param module The module that a thread runs; the server's by default.
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
  // To be packed, a worker must be named by a literal in a URL in a constant.
  const module = new URL(import.meta.resolve("./worker.ts"));
  return oneModule(module);
}

type Order = Exclude<ToWorker, { kind: "ask" | "forget" }>;
type Report = Exclude<FromWorker, { kind: "answer" | "no-answer" | "clock" }>;

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
    this.ask = (question, options) => thread.ask(question, options);
    thread.tell({
      kind: "start",
      ...server,
      ...trace && { trace },
      pauseFlag: this.#flag.buffer,
      clock: thread.clockMemory,
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

  /** It sleeps, sockets and timers and all. */
  async pause(deadlineMs: number): Promise<void> {
    Atomics.store(this.#flag, 0, PAUSED);
    const { promise } = this.#onPaused = Promise.withResolvers<void>();
    const why = `${this.#name} did not pause within ${deadlineMs} ms`;
    using late = new Deadline(this.#clock, deadlineMs, () => new NoAnswer(why));
    this.#thread.tell({ kind: "pause" });
    await abortable(promise, late.signal);
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
    // A sleeping thread would neither notice nor let go of its sockets. Woken
    // only now, it does no more of its work.
    this.resume();
    this.#onPaused?.reject(reason);
  }
}
