/**
 * A clock that goes on only when it is told to.
 *
 * @module
 */
import type { Clock, Timer } from "../../../herd/net/platform.ts";

interface Due {
  readonly atMs: number;
  readonly run: () => void;
}

/** Time begins at 1,700,000,000 s, by both clocks. */
export class ManualClock implements Clock {
  #nowMs = 1_700_000_000_000;
  /** What is due, in the order in which it was asked for. */
  readonly #due = new Set<Due>();

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#nowMs;
  }

  after(ms: number, run: () => void): Timer {
    const due = { atMs: this.#nowMs + Math.max(0, ms), run };
    this.#due.add(due);
    return { cancel: () => void this.#due.delete(due) };
  }

  immediate(run: () => void): void {
    this.after(0, run);
  }

  /** Runs the first that is due by then, at its time; whether there was one. */
  step(untilMs: number): boolean {
    let next: Due | undefined;
    for (const due of this.#due) {
      if (next === undefined || due.atMs < next.atMs) next = due;
    }
    if (next === undefined || next.atMs > untilMs) {
      this.#nowMs = untilMs;
      return false;
    }
    this.#due.delete(next);
    this.#nowMs = Math.max(this.#nowMs, next.atMs);
    next.run();
    return true;
  }

  /** Lets time pass, and all happen that is due meanwhile. */
  tick(ms: number): void {
    const untilMs = this.#nowMs + ms;
    while (this.step(untilMs));
  }
}
