/**
 * What many may use of together, such as memory.
 *
 * @module
 */

/** A part so small that all may have it, even when nothing is left. */
const SMALL_PART = 1 / 16_384;

/** A common budget. When it is used up, only those go on who use next to nothing. */
export class Budget {
  readonly #max: number;
  #used = 0;

  /** Nobody uses anything yet, of `max`. */
  constructor(max: number) {
    this.#max = max;
  }

  get used(): number {
    return this.#used;
  }

  /** A user that has used `before` now uses `after`. */
  change(before: number, after: number): void {
    this.#used += after - before;
  }

  /**
   * Whether it is used up, and so much is more than a small part of it. To hold
   * it against what most use would be no bound: that grows with their number.
   */
  isTooMuch(used: number): boolean {
    return this.#used > this.#max && used > this.#max * SMALL_PART;
  }
}
