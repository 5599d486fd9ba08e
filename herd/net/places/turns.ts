/**
 * A limited number of slots, assigned to owners in turn: requests of one owner
 * wait behind its own, and not all others behind them.
 *
 * @module
 */

/** A request that waits, for one owner or several. */
export class Waiting<Owner> {
  readonly #owners: Set<Owner>;
  readonly #entered = Promise.withResolvers<boolean>();

  constructor(owner: Owner) {
    this.#owners = new Set([owner]);
  }

  /** Its owners; the one whose turn comes first counts. */
  get owners(): ReadonlySet<Owner> {
    return this.#owners;
  }

  share(owner: Owner): void {
    this.#owners.add(owner);
  }

  /**
   * Resolves to `true` when it gets a slot, or to `false` if it has given up.
   */
  get entered(): Promise<boolean> {
    return this.#entered.promise;
  }

  settle(hasPlace: boolean): void {
    this.#entered.resolve(hasPlace);
  }
}

/** A number of slots, and the requests that wait for one. */
export class Turns<Owner> {
  readonly #max: number;
  /** Waiting requests by owner; the owner whose turn is next comes first. */
  readonly #queues = new Map<Owner, Set<Waiting<Owner>>>();
  readonly #waiting = new Set<Waiting<Owner>>();
  #taken = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Takes a slot, or waits for one. */
  enter(owner: Owner): Waiting<Owner> {
    const one = new Waiting(owner);
    if (this.#taken < this.#max) {
      this.#taken++;
      one.settle(true);
    } else {
      this.#waiting.add(one);
      this.#queue(owner).add(one);
    }
    return one;
  }

  /** Lets a waiting request count for another owner too. */
  share(one: Waiting<Owner>, owner: Owner): void {
    if (!this.#waiting.has(one)) return;
    one.share(owner);
    this.#queue(owner).add(one);
  }

  /** Removes a request that does not want to wait any longer. */
  giveUp(one: Waiting<Owner>): void {
    if (!this.#remove(one)) return;
    one.settle(false);
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
    first!.settle(true);
  }

  #queue(owner: Owner): Set<Waiting<Owner>> {
    const queue = this.#queues.get(owner) ?? new Set();
    this.#queues.set(owner, queue);
    return queue;
  }

  #remove(one: Waiting<Owner>): boolean {
    if (!this.#waiting.delete(one)) return false;
    for (const owner of one.owners) {
      const queue = this.#queues.get(owner);
      queue?.delete(one);
      if (queue?.size === 0) this.#queues.delete(owner);
    }
    return true;
  }
}
