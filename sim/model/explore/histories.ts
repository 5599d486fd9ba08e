/**
 * The events of a server, as one number: servers with the same events in the
 * same order are in the same state, and have written the same lines.
 *
 * @module
 */

/** All histories of servers in one exploration. */
export class Histories {
  readonly #numbers = new Map<string, number>();

  /** The number of a history extended by an event; 0 is the empty one. */
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
