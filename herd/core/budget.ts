/**
 * What many may use of together, such as memory.
 *
 * @module
 */

/** A common budget. Who uses most of it is the first to be kept from more. */
export class Budget {
  readonly #max: number;
  #used = 0;
  #users = 0;

  /** Nobody uses anything yet, of `max`. */
  constructor(max: number) {
    this.#max = max;
  }

  /** What all use. */
  get used(): number {
    return this.#used;
  }

  /** A user that has used `before` now uses `after`. */
  change(before: number, after: number): void {
    this.#used += after - before;
    this.#users += Number(after > 0) - Number(before > 0);
  }

  /** Whether it is used up, and who uses so much uses no less than most do. */
  isTooMuch(used: number): boolean {
    return this.#used > this.#max && used * this.#users >= this.#used;
  }
}
