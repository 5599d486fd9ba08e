/**
 * A limited number of slots, assigned to owners in turn: requests of one owner
 * wait behind its own, and not all others behind them.
 *
 * @module
 */

/** A request that waits, for one owner or several. */
export interface Waiting {
  /** Its owners; the one whose turn comes first counts. */
  readonly owners: Set<unknown>;
  /**
   * Resolved to `true` when it gets a slot, or to `false` if it has given up.
   */
  readonly entered: PromiseWithResolvers<boolean>;
}

/** A number of slots, and the requests that wait for one. */
export class Turns {
  readonly #max: number;
  /** Waiting requests by owner; the owner whose turn is next comes first. */
  readonly #queues = new Map<unknown, Set<Waiting>>();
  readonly #waiting = new Set<Waiting>();
  #taken = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Takes a slot, or waits for one. */
  enter(owner: unknown): Waiting {
    const entered = Promise.withResolvers<boolean>();
    const one = { owners: new Set([owner]), entered };
    if (this.#taken < this.#max) {
      this.#taken++;
      entered.resolve(true);
    } else {
      this.#waiting.add(one);
      this.#queue(owner).add(one);
    }
    return one;
  }

  /** Lets a waiting request count for another owner too. */
  share(one: Waiting, owner: unknown): void {
    if (!this.#waiting.has(one)) return;
    one.owners.add(owner);
    this.#queue(owner).add(one);
  }

  /** Removes a request that does not want to wait any longer. */
  giveUp(one: Waiting): void {
    if (this.#remove(one)) one.entered.resolve(false);
  }

  /** Returns a slot, which goes to the first request of the next owner. */
  leave(): void {
    const [next] = this.#queues;
    if (next === undefined) {
      this.#taken--;
      return;
    }
    const [owner, queue] = next;
    const [first] = queue;
    // An owner that has had its turn goes to the end.
    this.#queues.delete(owner);
    this.#queues.set(owner, queue);
    this.#remove(first!);
    first!.entered.resolve(true);
  }

  #queue(owner: unknown): Set<Waiting> {
    const queue = this.#queues.get(owner) ?? new Set();
    this.#queues.set(owner, queue);
    return queue;
  }

  #remove(one: Waiting): boolean {
    if (!this.#waiting.delete(one)) return false;
    for (const owner of one.owners) {
      const queue = this.#queues.get(owner);
      queue?.delete(one);
      if (queue?.size === 0) this.#queues.delete(owner);
    }
    return true;
  }
}
