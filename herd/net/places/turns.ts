/**
 * Places at something scarce, given to those who wait in turn by owner: who
 * wants many waits behind his own, and not all others behind him.
 *
 * @module
 */

/** Someone who waits, on behalf of one owner or several. */
export class Waiting<Owner> {
  readonly #owners: Set<Owner>;
  readonly #entered = Promise.withResolvers<boolean>();

  constructor(owner: Owner) {
    this.#owners = new Set([owner]);
  }

  /** Those on whose behalf it waits; whose turn comes first counts. */
  get owners(): ReadonlySet<Owner> {
    return this.#owners;
  }

  share(owner: Owner): void {
    this.#owners.add(owner);
  }

  /** Resolves when it has its place, or to `false` if it has given up. */
  get entered(): Promise<boolean> {
    return this.#entered.promise;
  }

  settle(hasPlace: boolean): void {
    this.#entered.resolve(hasPlace);
  }
}

/** A number of places, and those who wait for one. */
export class Turns<Owner> {
  readonly #max: number;
  /** Who waits, by owner; the owner whose turn is next in front. */
  readonly #queues = new Map<Owner, Set<Waiting<Owner>>>();
  readonly #waiting = new Set<Waiting<Owner>>();
  #taken = 0;

  /** `max` places, none of them taken. */
  constructor(max: number) {
    this.#max = max;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Takes a place, or waits for one. */
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

  /** Has one who waits do so for another owner too. */
  share(one: Waiting<Owner>, owner: Owner): void {
    if (!this.#waiting.has(one)) return;
    one.share(owner);
    this.#queue(owner).add(one);
  }

  /** Takes one out who does not want to wait any longer. */
  giveUp(one: Waiting<Owner>): void {
    if (!this.#remove(one)) return;
    one.settle(false);
  }

  /** Gives a place back; it goes to the next owner's first. */
  leave(): void {
    const [next] = this.#queues;
    if (next === undefined) {
      this.#taken--;
      return;
    }
    const [owner, queue] = next;
    const [first] = queue;
    // Whoever has had his turn goes to the end of the row.
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
