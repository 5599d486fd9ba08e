/**
 * The speed of virtual time while somebody watches.
 *
 * @module
 */
import { afterReal, realNowMs } from "./engine.ts";

/**
 * When virtual time is further behind, it does not catch up but goes on from
 * here.
 */
const BEHIND_MS_MAX = 250;
/** The interval of checks, so that what comes in the meantime is noticed. */
const LOOK_MS = 16;

/** Relates virtual time to real time. */
export class Pace {
  #speed: number;
  #virtualMs = NaN;
  #realMs = 0;

  /** @param speed Virtual milliseconds per real one; 0 stops time. */
  constructor(speed = 1) {
    this.#speed = speed;
  }

  /** Virtual milliseconds per real one. */
  get speed(): number {
    return this.#speed;
  }

  set speed(speed: number) {
    this.#begin(this.#nowMs());
    this.#speed = speed;
  }

  /** The virtual time that corresponds to the present. */
  #nowMs(): number {
    return this.#virtualMs + (realNowMs() - this.#realMs) * this.#speed;
  }

  /** Whether it is too early for an event at this time. */
  isEarly(atMs: number): boolean {
    if (Number.isNaN(this.#virtualMs)) this.#begin(atMs);
    const aheadMs = atMs - this.#nowMs();
    if (aheadMs < -BEHIND_MS_MAX * this.#speed) this.#begin(atMs);
    return aheadMs > 0;
  }

  /** Calls `again` when it is time to check again. */
  look(again: () => void): void {
    afterReal(LOOK_MS, again);
  }

  #begin(virtualMs: number): void {
    this.#virtualMs = virtualMs;
    this.#realMs = realNowMs();
  }
}
