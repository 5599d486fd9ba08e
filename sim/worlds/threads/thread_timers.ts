/**
 * Timers of a worker without `setTimeout`: a worker that calls it loads Node's
 * timers and `Buffer`, and takes 1.7 MiB more.
 *
 * Instead the thread waits for a flag that nobody sets, until a time. Such a
 * wait can't be ended before, and takes memory until then. So one wait is for
 * all timers, and another one begins only for a timer that is due before all
 * waits end.
 *
 * Timers that are due together run one after the other, as the runtime's do:
 * what one of them leads to, such as that another one is cancelled, is done
 * before the next one.
 *
 * @module
 */
import type { Clock, Timer } from "../../../herd/net/platform.ts";
import { TimerQueue } from "../timer_queue.ts";

/** A wait of no time at all would end before it has begun. */
const LEAST_MS = 1;

/** What is waited for: a time, at a flag that nobody sets; or the next task. */
const TIME = 0;
const TASK = 1;

/** The timers of a thread that has something else to keep it from ending. */
export class ThreadTimers {
  readonly #clock: Pick<Clock, "nowMs">;
  readonly #timers = new TimerQueue();
  /** When the waits end that have begun: the soonest last. */
  readonly #waits: number[] = [];
  readonly #flags = new Int32Array(new SharedArrayBuffer(8));
  /** Whether timers are due that have not all run. */
  #isRunning = false;

  constructor(clock: Pick<Clock, "nowMs">) {
    this.#clock = clock;
  }

  /** Runs `run` once, after `ms` milliseconds. */
  after(ms: number, run: () => void): Timer {
    const atMs = this.#clock.nowMs() + Math.max(ms, LEAST_MS);
    const timer = this.#timers.add(atMs, run);
    this.#wait();
    return timer;
  }

  /** Waits for the timer that is due first, unless a wait ends before. */
  #wait(): void {
    const { firstMs = Infinity } = this.#timers;
    if (this.#isRunning || firstMs >= (this.#waits.at(-1) ?? Infinity)) return;
    this.#waits.push(firstMs);
    const ms = Math.max(firstMs - this.#clock.nowMs(), LEAST_MS);
    const { value } = Atomics.waitAsync(this.#flags, TIME, 0, ms);
    (value as Promise<unknown>).then(() => this.#wake()).catch(reportError);
  }

  #wake(): void {
    this.#waits.pop();
    if (!this.#isRunning) this.#runUntil(this.#clock.nowMs());
  }

  /** Runs one timer that was due then, and the others in tasks of their own. */
  #runUntil(nowMs: number): void {
    this.#isRunning = (this.#timers.firstMs ?? Infinity) <= nowMs;
    if (!this.#isRunning) return this.#wait();
    const run = this.#timers.take();
    const { value } = Atomics.waitAsync(this.#flags, TASK, 0);
    (value as Promise<unknown>).then(() => this.#runUntil(nowMs))
      .catch(reportError);
    Atomics.notify(this.#flags, TASK);
    run();
  }
}
