/**
 * When a neighbour that could not be reached is dialled again.
 *
 * @module
 */
import { DEFAULT_TUNING, type Tuning } from "../core/tuning.ts";

/** The delays of dials, in milliseconds. */
export type RedialTuning = Pick<Tuning, "redialMsMin" | "redialMsMax">;

/**
 * Milliseconds to wait after `failures` dials that failed in a row: 50 that
 * double up to 2,000, of which a random part of up to a half is taken off, so
 * that servers that lost each other at the same time do not dial in step.
 */
export function redialDelayMs(
  failures: number,
  random: number,
  { redialMsMin, redialMsMax }: RedialTuning = DEFAULT_TUNING,
): number {
  const delayMs = Math.min(redialMsMin * 2 ** (failures - 1), redialMsMax);
  return delayMs * (1 - random / 2);
}

/** How long to wait before each dial of one neighbour. */
export class Backoff {
  readonly #tuning: RedialTuning;
  #failures = 0;

  /** No dial has failed yet. */
  constructor(tuning: RedialTuning = DEFAULT_TUNING) {
    this.#tuning = tuning;
  }

  /**
   * Milliseconds to wait for, after a dial and the link that came of it, or after
   * a link that the neighbour opened. One that went down at once counts as a dial
   * that failed, or two servers that do not understand each other would shake
   * hands without end; after one that lived long, all begins anew.
   *
   * @param tookMs Milliseconds from the dial until all was over.
   */
  afterMs(tookMs: number, random: number): number {
    const tuning = this.#tuning;
    this.#failures = tookMs < tuning.redialMsMax ? this.#failures + 1 : 0;
    return this.#failures === 0
      ? 0
      : redialDelayMs(this.#failures, random, tuning);
  }
}
