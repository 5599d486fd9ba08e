/**
 * Ticks, for as long as somebody needs another one.
 *
 * @module
 */
import type { Clock, Timer } from "./platform.ts";

export class Ticker {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #tick: () => boolean;
  #timer: Timer | undefined;
  #isOver = false;

  /** @param tick Returns whether another tick is needed, as if asked for. */
  constructor(clock: Clock, ms: number, tick: () => boolean) {
    this.#clock = clock;
    this.#ms = ms;
    this.#tick = tick;
  }

  /** Asks for a tick. Asking twice is the same as asking once. */
  arm(): void {
    if (this.#isOver) return;
    this.#timer ??= this.#clock.after(this.#ms, () => {
      this.#timer = undefined;
      if (this.#tick()) this.arm();
    });
  }

  /** Stops ticking. */
  stop(): void {
    this.#isOver = true;
    this.#timer?.cancel();
  }
}
