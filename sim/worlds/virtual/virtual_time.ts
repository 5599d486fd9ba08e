/**
 * Virtual time: a queue of events, each of which is the next moment. Between
 * two events it only waits until everything that follows from the first, in
 * microtasks, is complete.
 *
 * Code that awaits only what events bring is thus driven by the queue alone,
 * and does the same each time.
 *
 * @module
 */
import type { Timer } from "../../../herd/net/platform.ts";
import { TimerQueue } from "../timer_queue.ts";
import { afterMicrotasks } from "./engine.ts";
import type { Pace } from "./pace.ts";

/** Milliseconds since the epoch at which each virtual world begins. */
const BEGIN_MS = 1_700_000_000_000;
/** For so many events, turns are requested at once, which is faster. */
const TURNS = 64;

/** Virtual time. It passes while any event is due. */
export class VirtualTime {
  #nowMs = BEGIN_MS;
  readonly #due = new TimerQueue();
  #turnsLeft = 0;
  #outside = 0;
  readonly #pace: Pace | undefined;
  #isWaiting = false;

  /** By default it passes as fast as events can be carried out. */
  constructor(pace?: Pace) {
    this.#pace = pace;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Schedules an event after so many milliseconds. */
  after(ms: number, run: () => void): Timer {
    return this.at(this.#nowMs + Math.max(0, ms), run);
  }

  /**
   * Schedules an event at a time; events at the same time keep the order of the
   * calls.
   */
  at(atMs: number, run: () => void): Timer {
    const timer = this.#due.add(atMs, run);
    this.#goOn();
    return timer;
  }

  /** Stops time until work on the real machine is done. */
  async outside<T>(work: Promise<T>): Promise<T> {
    this.#outside++;
    try {
      return await work;
    } finally {
      this.#outside--;
      this.#goOn();
    }
  }

  #goOn(): void {
    if (this.#turnsLeft > 0 || this.#outside > 0) return;
    if (this.#pace !== undefined && this.#waits(this.#pace)) return;
    this.#turnsLeft = TURNS;
    for (let i = 0; i < TURNS; i++) afterMicrotasks(this.#turn);
  }

  /**
   * Whether it is too early for the next event; then it is checked again later.
   */
  #waits(pace: Pace): boolean {
    if (this.#isWaiting) return true;
    const { firstMs } = this.#due;
    if (firstMs === undefined || !pace.isEarly(firstMs)) return false;
    this.#isWaiting = true;
    pace.look(() => {
      this.#isWaiting = false;
      this.#goOn();
    });
    return true;
  }

  readonly #turn = (): void => {
    this.#turnsLeft--;
    if (this.#outside === 0) this.#happen();
    if (this.#turnsLeft === 0 && this.#due.firstMs !== undefined) this.#goOn();
  };

  #happen(): void {
    const { firstMs } = this.#due;
    if (firstMs === undefined || this.#pace?.isEarly(firstMs)) return;
    this.#nowMs = Math.max(this.#nowMs, firstMs);
    this.#due.take()();
  }
}
