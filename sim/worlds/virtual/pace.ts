/**
 * How fast virtual time passes, where somebody watches it.
 *
 * @module
 */
import { afterReal, realNowMs } from "./engine.ts";

/** So far behind, nothing is caught up: time goes on from here. */
const BEHIND_MS_MAX = 250;
/** It is looked at again after so long, for what comes meanwhile. */
const LOOK_MS = 16;

/** The pace of virtual time beside real time. */
export class Pace {
  #speed: number;
  #virtualMs = NaN;
  #realMs = 0;

  /** So many milliseconds pass in each real one; 0: time stands still. */
  constructor(speed = 1) {
    this.#speed = speed;
  }

  /** How many milliseconds pass in each real one. */
  get speed(): number {
    return this.#speed;
  }

  set speed(speed: number) {
    this.#begin(this.#nowMs());
    this.#speed = speed;
  }

  /** What virtual time is by now, as it was followed. */
  #nowMs(): number {
    return this.#virtualMs + (realNowMs() - this.#realMs) * this.#speed;
  }

  /** Whether what is due at a time is not to happen yet. */
  isEarly(atMs: number): boolean {
    if (Number.isNaN(this.#virtualMs)) this.#begin(atMs);
    const aheadMs = atMs - this.#nowMs();
    if (aheadMs < -BEHIND_MS_MAX * this.#speed) this.#begin(atMs);
    return aheadMs > 0;
  }

  /** Calls back when it is time to look again. */
  look(again: () => void): void {
    afterReal(LOOK_MS, again);
  }

  #begin(virtualMs: number): void {
    this.#virtualMs = virtualMs;
    this.#realMs = realNowMs();
  }
}
