/**
 * Work that goes on in the background.
 *
 * What goes wrong outside is a value by the time it gets here. So an exception
 * in a task is a bug: it is written down, then given to the runtime as an
 * uncaught error, and whoever started this thread decides what becomes of it;
 * or to whom else the server was told.
 *
 * @module
 */
import type { Slices } from "./slices.ts";
import type { ServerLog } from "./log.ts";
import type { Clock } from "./platform.ts";
import { nextTurn } from "./timing.ts";

/** Milliseconds of one piece of work before the others have their turn. */
const SLICE_MS_MAX = 4;

/** The result of work that is done in slices, between which others have their turn. */
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

  /** No tasks yet; bugs are written down in `log`, and then told. */
  constructor(
    log: ServerLog,
    onBug: (error: unknown) => void = (error) => reportError(error),
  ) {
    this.#log = log;
    this.#onBug = onBug;
  }

  /** Takes charge of a task that has begun. */
  add(task: Promise<void>): void {
    const running = task
      .catch((error) => this.fail(error))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Runs a stranger's function: what it throws is not to end what we are at. */
  guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Tells of a bug. */
  fail(error: unknown): void {
    const text = error instanceof Error ? error.stack : String(error);
    this.#log.error("bug", { error: text });
    this.#onBug(error);
  }

  /** Resolves when no task is left, those included that are added meanwhile. */
  async done(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
