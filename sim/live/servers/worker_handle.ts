/**
 * One worker, as the supervisor holds it: messages out, messages in, questions
 * with their answers, heartbeats, and an end that also reaches a paused one.
 *
 * @module
 */
import { abortable } from "@std/async";
import type { Clock } from "../../../herd/net/platform.ts";
import { Deadline } from "../../../herd/net/timing.ts";
import { traceMemory } from "../../model/trace.ts";
import { answerClock, clockMemory } from "../thread_clock.ts";
import type {
  Answers,
  FromWorker,
  Question,
  StartMessage,
  ToWorker,
} from "./wire.ts";

/** What a start message says about the server; the handle adds the rest. */
export interface ServerStart
  extends Omit<StartMessage, "kind" | "pauseFlag" | "clock" | "trace"> {
  /** Whether what passes through it is recorded. */
  readonly trace?: boolean;
}

/** A message that is not for the handle itself. */
export type WorkerReport = Exclude<
  FromWorker,
  { kind: "answer" | "no-answer" | "pong" | "paused" | "clock" }
>;

/** What the handle tells of its worker. */
export interface WorkerHandleOptions {
  /** What tells the time. */
  readonly clock: Clock;
  /** The module the worker runs. */
  readonly module: URL;
  /** Called with what the worker reports. */
  readonly onReport: (report: WorkerReport) => void;
  /** Called when the worker died of an error that nothing caught. */
  readonly onError: (why: string) => void;
}

/** How to ask: how long to wait for the answer, and how to stop waiting. */
export interface AskOptions {
  /** Milliseconds until the question fails; without it, it never does. */
  readonly deadlineMs?: number;
  /** Takes the question back. */
  readonly signal?: AbortSignal;
}

/** That a question found no answer: the worker ended, or took too long. */
export class NoAnswer extends Error {
  /** The class's name, as errors print it. */
  override readonly name: string = "NoAnswer";
}

/** That a question found no answer because the worker ended. */
export class WorkerEnded extends NoAnswer {
  /** The class's name, as errors print it. */
  override readonly name = "WorkerEnded";

  /** The error of all that was asked of `server`. */
  constructor(readonly server: string) {
    super(`${server} ended before it answered`);
  }
}

interface Asked {
  resolve(answer: Answers[keyof Answers]): void;
  reject(error: unknown): void;
}

const RUNNING = 0;
const PAUSED = 1;

/** One worker and its server. */
export class WorkerHandle {
  /** What it records into, if it does; see `readTrace`. It outlives the worker. */
  readonly trace?: SharedArrayBuffer;
  readonly #name: string;
  readonly #worker: Worker;
  readonly #clock: Clock;
  readonly #clockMemory = clockMemory();
  readonly #flag = new Int32Array(new SharedArrayBuffer(4));
  readonly #asked = new Map<number, Asked>();
  #nextId = 1;
  #silentBeats = 0;
  #ended = false;
  #onPaused: PromiseWithResolvers<void> | undefined;

  /** Spawns the worker and has it start its server. */
  constructor(start: ServerStart, options: WorkerHandleOptions) {
    const { trace: isTraced, ...rest } = start;
    this.#name = start.name;
    this.#clock = options.clock;
    if (isTraced) this.trace = traceMemory();
    this.#worker = new Worker(options.module, {
      type: "module",
      name: start.name,
      deno: { permissions: permissionsOf(start) },
    });
    this.#worker.onmessage = (event: MessageEvent<FromWorker>) =>
      this.#onMessage(event.data, options);
    this.#worker.onerror = (event) => {
      // Unprevented, the error of one server would end the whole process.
      event.preventDefault();
      if (!this.#ended) options.onError(event.message);
    };
    const pauseFlag = this.#flag.buffer;
    const { trace } = this;
    this.#post({
      kind: "start",
      ...rest,
      ...trace && { trace },
      pauseFlag,
      clock: this.#clockMemory,
    });
  }

  #post(message: ToWorker): void {
    if (!this.#ended) this.#worker.postMessage(message);
  }

  #onMessage(message: FromWorker, options: WorkerHandleOptions): void {
    // What was still under way when the worker was ended is of no interest.
    if (this.#ended) return;
    this.#silentBeats = 0;
    switch (message.kind) {
      case "clock":
        return answerClock(this.#clock, this.#clockMemory, message);
      case "pong":
        return;
      case "paused":
        return this.#onPaused?.resolve();
      case "answer":
        return this.#asked.get(message.id)?.resolve(message.answer);
      case "no-answer":
        return this.#asked.get(message.id)?.reject(new NoAnswer(message.why));
      default:
        options.onReport(message);
    }
  }

  /**
   * Sends a heartbeat, and tells how many went by without a sign of life.
   * Beats are counted rather than milliseconds, so that a main thread that was
   * itself held up does not find every server deaf.
   */
  beat(): number {
    this.#post({ kind: "ping" });
    return this.#silentBeats++;
  }

  /**
   * Asks the server, and waits for its answer.
   *
   * @throws {NoAnswer} If the worker ends, or does not answer in time.
   */
  async ask<K extends Question["ask"]>(
    question: Extract<Question, { readonly ask: K }>,
    options: AskOptions = {},
  ): Promise<Answers[K]> {
    if (this.#ended) throw new WorkerEnded(this.#name);
    const { deadlineMs, signal } = options;
    signal?.throwIfAborted();
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<
      Answers[keyof Answers]
    >();
    this.#asked.set(id, { resolve, reject });
    const tooLate = () =>
      reject(
        new NoAnswer(
          `${this.#name} gave no ${question.ask} within ${deadlineMs} ms`,
        ),
      );
    const timer = deadlineMs === undefined
      ? undefined
      : this.#clock.after(deadlineMs, tooLate);
    const takeBack = () => {
      this.#post({ kind: "forget", id });
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", takeBack, { once: true });
    this.#post({ kind: "ask", id, question });
    try {
      return await promise as Answers[K];
    } finally {
      timer?.cancel();
      signal?.removeEventListener("abort", takeBack);
      this.#asked.delete(id);
    }
  }

  /**
   * Puts the worker to sleep, sockets and timers and all.
   *
   * @throws {NoAnswer} If the worker ends, or does not heed it in time.
   */
  async pause(deadlineMs: number): Promise<void> {
    Atomics.store(this.#flag, 0, PAUSED);
    const { promise } = this.#onPaused = Promise.withResolvers<void>();
    const why = `${this.#name} did not pause within ${deadlineMs} ms`;
    using late = new Deadline(this.#clock, deadlineMs, new NoAnswer(why));
    this.#post({ kind: "pause" });
    await abortable(promise, late.signal);
  }

  /** Wakes the worker. */
  resume(): void {
    this.#silentBeats = 0;
    Atomics.store(this.#flag, 0, RUNNING);
    Atomics.notify(this.#flag, 0);
  }

  /** Asks the server to stop; it reports when it did. */
  stop(): void {
    this.resume();
    this.#post({ kind: "stop" });
  }

  /** Has the worker throw an error that nothing catches. */
  crash(why: string): void {
    this.#post({ kind: "crash", why });
  }

  /** Ends the worker at once. It reports nothing any more. */
  terminate(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#worker.terminate();
    // A sleeping worker would neither notice nor let go of its sockets. Woken
    // only now, it does no more of its work.
    this.resume();
    const reason = new WorkerEnded(this.#name);
    this.#onPaused?.reject(reason);
    for (const asked of this.#asked.values()) asked.reject(reason);
  }
}

/** A server may use its loopback, its places service and its log folder. */
function permissionsOf(start: ServerStart): Deno.PermissionOptionsObject {
  const net = [start.hostname];
  if (start.places) {
    const { hostname, port, protocol } = new URL(start.places.base);
    const usual = protocol === "https:" ? "443" : "80";
    if (hostname !== start.hostname) net.push(`${hostname}:${port || usual}`);
  }
  // To put a full log aside takes leave to read it.
  const logs = start.log ? [start.log.directory] : false;
  return { net, read: logs, write: logs };
}
