/**
 * When a neighbour that could not be reached is dialled again.
 *
 * @module
 */

/** Milliseconds before the first of several dials. */
export const REDIAL_MS_MIN = 50;
export const REDIAL_MS_MAX = 2_000;

/**
 * Milliseconds to wait after `failures` dials that failed in a row: 50 that
 * double up to 2,000, of which a random part of up to a half is taken off, so
 * that servers that lost each other at the same time do not dial in step.
 */
export function redialDelayMs(failures: number, random: number): number {
  const delayMs = Math.min(REDIAL_MS_MIN * 2 ** (failures - 1), REDIAL_MS_MAX);
  return delayMs * (1 - random / 2);
}

/** How long to wait before each dial of one neighbour. */
export class Backoff {
  #failures = 0;

  /**
   * Milliseconds to wait for, after a dial and the link that came of it, or after
   * a link that the neighbour opened. One that went down at once counts as a dial
   * that failed, or two servers that do not understand each other would shake
   * hands without end; after one that lived long, all begins anew.
   *
   * @param tookMs Milliseconds from the dial until all was over.
   */
  afterMs(tookMs: number, random: number): number {
    this.#failures = tookMs < REDIAL_MS_MAX ? this.#failures + 1 : 0;
    return this.#failures === 0 ? 0 : redialDelayMs(this.#failures, random);
  }
}
