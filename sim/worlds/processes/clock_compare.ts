/**
 * By how much the clock of a process on another machine is ahead of ours: what it
 * tells of times is to agree with what others tell.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";

/** The first answer comes when it has started, which takes long. */
const ROUNDS = 5;

/** Asks for the time some times, and believes the answer that came soonest. */
export class ClockCompare {
  readonly #clock: Clock;
  readonly #ask: () => void;
  readonly #done: (aheadMs: number) => void;
  #askedMs: number;
  #rounds = 0;
  #best = { tookMs: Infinity, aheadMs: 0 };

  /**
   * Begins.
   *
   * @param ask Asks what time it is there.
   * @param done Hears by how many milliseconds it is later there; to half of what
   * the way there and back took.
   */
  constructor(
    clock: Clock,
    ask: () => void,
    done: (aheadMs: number) => void,
  ) {
    this.#clock = clock;
    this.#ask = ask;
    this.#done = done;
    this.#askedMs = clock.nowMs();
    ask();
  }

  /** It has answered. */
  hear(atMs: number): void {
    if (this.#rounds === ROUNDS) return;
    const nowMs = this.#clock.nowMs();
    const tookMs = nowMs - this.#askedMs;
    if (tookMs < this.#best.tookMs) {
      this.#best = { tookMs, aheadMs: atMs - this.#askedMs - tookMs / 2 };
    }
    if (++this.#rounds === ROUNDS) return this.#done(this.#best.aheadMs);
    this.#askedMs = nowMs;
    this.#ask();
  }
}
