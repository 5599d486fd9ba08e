/**
 * Background tasks.
 *
 * External failures have become values before they get here. So an exception in
 * a task is a bug: it is logged, and passed to the server's `onBug`, or else to
 * the runtime as an uncaught error, so that whoever started this thread decides
 * what happens.
 *
 * @module
 */
import type { Slices } from "./slices.ts";
import type { ServerLog } from "./log.ts";
import type { Clock } from "./platform.ts";
import { nextTurn } from "./timing.ts";

/** Milliseconds of one piece of work before others get their turn. */
const SLICE_MS_MAX = 4;

/** Does work in slices, between which others have their turn. */
export async function inTurns<T>(clock: Clock, work: Slices<T>): Promise<T> {
  for (let beganMs = clock.nowMs();;) {
    const { done, value } = work.next();
    if (done) return value;
    if (clock.nowMs() - beganMs < SLICE_MS_MAX) continue;
    await nextTurn(clock);
    beganMs = clock.nowMs();
  }
}

export class Tasks {
  readonly #log: ServerLog;
  readonly #running = new Set<Promise<void>>();

  readonly #onBug: (error: unknown) => void;

  /** @param log Where bugs are logged, before they are passed on. */
  constructor(
    log: ServerLog,
    onBug: (error: unknown) => void = (error) => reportError(error),
  ) {
    this.#log = log;
    this.#onBug = onBug;
  }

  /** Watches over a task that has begun. */
  add(task: Promise<void>): void {
    const running = task
      .catch((error) => this.fail(error))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /**
   * Runs a callback from outside: what it throws must not interrupt the caller.
   */
  guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Reports a bug. */
  fail(error: unknown): void {
    const text = error instanceof Error ? error.stack : String(error);
    this.#log.error("bug", { error: text });
    this.#onBug(error);
  }

  /** Resolves when no task is left, including those added meanwhile. */
  async done(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
