/**
 * What a server has met, as one number: servers that have met the same things in
 * the same order are in the same state, and have written the same lines.
 *
 * @module
 */

/** All that servers have met in one exploration. */
export class Histories {
  readonly #numbers = new Map<string, number>();

  /** The number of a history that goes on with an event; 0 is the empty one. */
  after(history: number, event: string): number {
    const key = `${history} ${event}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#numbers.size + 1;
      this.#numbers.set(key, number);
    }
    return number;
  }
}
