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
  /** The number of a client and 1, or 0. */
  #slots = new Int32Array(SLOTS_MIN);
  #hashes = new Int32Array(SLOTS_MIN);
  #count = 0;

  /**
   * An empty index.
   *
   * @param seed Any whole number that clients can't know, so that no one can choose
   * IDs that all fall into one place.
   */
  constructor(seed: number) {
    this.#seed = seed | 0;
  }

  /** The hash of an ID: FNV-1a, seeded, and finished as MurmurHash3 does. */
  hash(bytes: Uint8Array, start: number, end: number): number {
    let hash = this.#seed;
    for (let at = start; at < end; at++) {
      hash = Math.imul(hash ^ bytes[at]!, FNV_PRIME);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    return hash ^ (hash >>> 13);
  }

  /**
   * The number of a client; -1 if there is none.
   *
   * @param isIt Whether a client with this hash is the one.
   */
  find(hash: number, isIt: (client: number) => boolean): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask;; slot = (slot + 1) & mask) {
      const client = this.#slots[slot]! - 1;
      if (client < 0) return -1;
      if (this.#hashes[slot] === hash && isIt(client)) return client;
    }
  }

  /** Adds a client that is not in it. */
  add(hash: number, client: number): void {
    if (++this.#count > this.#slots.length * LOAD_MAX) this.#double();
    this.#put(hash, client + 1);
  }

  #put(hash: number, value: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = value;
    this.#hashes[slot] = hash;
  }

  #double(): void {
    const [slots, hashes] = [this.#slots, this.#hashes];
    this.#slots = new Int32Array(slots.length * 2);
    this.#hashes = new Int32Array(slots.length * 2);
    for (const [slot, value] of slots.entries()) {
      if (value !== 0) this.#put(hashes[slot]!, value);
    }
  }
}
