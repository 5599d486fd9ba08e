/**
 * A budget that many share, such as memory.
 *
 * @module
 */

/** A share so small that all may have it, even when nothing is left. */
const SMALL_PART = 1 / 16_384;

/**
 * A shared budget. Once it is used up, only users of next to nothing may go on.
 */
export class Budget {
  readonly #max: number;
  #used = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get used(): number {
    return this.#used;
  }

  /** The usage of one user has changed. */
  change(before: number, after: number): void {
    this.#used += after - before;
  }

  /**
   * Whether the budget is used up, and `used` is more than a small share of it.
   * What most users need would not do as the limit: it grows with their number.
   */
  isTooMuch(used: number): boolean {
    return this.#used > this.#max && used > this.#max * SMALL_PART;
  }
}
