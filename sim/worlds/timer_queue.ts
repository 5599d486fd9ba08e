/**
 * Timers in the order in which they are due.
 *
 * @module
 */
import TinyQueue from "tinyqueue";
import type { Timer } from "../../herd/net/platform.ts";

/** So many timers are kept, at least, before cancelled ones are looked for. */
const SWEPT_AT_LEAST = 1_024;

/** A timer that was set; `run` is `undefined` once it is cancelled. */
class Due implements Timer {
  readonly atMs: number;
  readonly number: number;
  run: (() => void) | undefined;

  constructor(atMs: number, number: number, run: () => void) {
    this.atMs = atMs;
    this.number = number;
    this.run = run;
  }

  cancel(): void {
    this.run = undefined;
  }
}

/** Timers that are due at the same time keep the order of the calls. */
export class TimerQueue {
  #timers = queueOf([]);
  #added = 0;
  #sweptAt = SWEPT_AT_LEAST;

  add(atMs: number, run: () => void): Timer {
    if (this.#timers.length >= this.#sweptAt) this.#sweep();
    const due = new Due(atMs, this.#added++, run);
    this.#timers.push(due);
    return due;
  }

  /** When the first one is due; `undefined` if there is none. */
  get firstMs(): number | undefined {
    let first = this.#timers.peek();
    for (; first && first.run === undefined; first = this.#timers.peek()) {
      this.#timers.pop();
    }
    return first?.atMs;
  }

  /** Takes the first one, after `firstMs` has told that there is one. */
  take(): () => void {
    const due = this.#timers.pop()!;
    const run = due.run!;
    due.run = undefined;
    return run;
  }

  /** Cancelled timers take memory until they would have been due. */
  #sweep(): void {
    this.#timers = queueOf(this.#timers.data.filter(({ run }) => run));
    this.#sweptAt = Math.max(SWEPT_AT_LEAST, this.#timers.length * 2);
  }
}

function queueOf(timers: Due[]): TinyQueue<Due> {
  return new TinyQueue(
    timers,
    (one, other) => one.atMs - other.atMs || one.number - other.number,
  );
}
