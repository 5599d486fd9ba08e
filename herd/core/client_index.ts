/**
 * Finds a client by the bytes of its ID: a hash table with open addressing and
 * linear probing. A `Map` would want a string for every line that comes.
 *
 * @module
 */

const SLOTS_MIN = 64;
/** Of all slots, at most this part is used before the table doubles. */
const LOAD_MAX = 0.5;
const FNV_PRIME = 0x01000193;

/** Numbers of clients, by the hashes of their IDs. */
export class ClientIndex {
  readonly #seed: number;
  /** Of each slot the number of a client and 1, or 0, and then its hash. */
  #slots = new Int32Array(2 * SLOTS_MIN);
  #mask = SLOTS_MIN - 1;
  #count = 0;
  /** Where the search has come to, and for what. */
  #slot = 0;
  #sought = 0;

  /**
   * An empty index.
   *
   * @param seed Any whole number that clients can't know, so that no one can choose
   * IDs that all fall into one place.
   */
  constructor(seed: number) {
    this.#seed = seed | 0;
  }

  /** The hash of an ID, any whole number: FNV-1a, seeded, and finished as MurmurHash3 does. */
  hash(bytes: Uint8Array, start: number, end: number): number {
    let hash = this.#seed;
    for (let at = start; at < end; at++) {
      hash = Math.imul(hash ^ bytes[at]!, FNV_PRIME);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    return hash ^ (hash >>> 13);
  }

  /**
   * The number of a client with this hash, which may be that of several; -1 if
   * there is none.
   */
  first(hash: number): number {
    return this.#seek(hash, hash & this.#mask);
  }

  /** The number of the next client with the hash that was last asked for; -1 if there is none. */
  next(): number {
    return this.#seek(this.#sought, (this.#slot + 1) & this.#mask);
  }

  #seek(hash: number, slot: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    while (slots[2 * slot] !== 0 && slots[2 * slot + 1] !== hash) {
      slot = (slot + 1) & mask;
    }
    this.#sought = hash;
    this.#slot = slot;
    return slots[2 * slot]! - 1;
  }

  /** Adds a client that is not in it. */
  add(hash: number, client: number): void {
    if (++this.#count > this.#slotCount * LOAD_MAX) this.#double();
    this.#put(hash, client + 1);
  }

  get #slotCount(): number {
    return this.#mask + 1;
  }

  #put(hash: number, value: number): void {
    let slot = hash & this.#mask;
    while (this.#slots[2 * slot] !== 0) slot = (slot + 1) & this.#mask;
    this.#slots[2 * slot] = value;
    this.#slots[2 * slot + 1] = hash;
  }

  #double(): void {
    const slots = this.#slots;
    this.#slots = new Int32Array(slots.length * 2);
    this.#mask = this.#mask * 2 + 1;
    for (let at = 0; at < slots.length; at += 2) {
      if (slots[at] !== 0) this.#put(slots[at + 1]!, slots[at]!);
    }
  }
}
