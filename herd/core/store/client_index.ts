/**
 * Finds a client by the bytes of its ID: a hash table with open addressing and
 * linear probing. A `Map` would want a string for every line that comes.
 *
 * @module
 */
import { FNV_PRIME } from "../bytes/hash.ts";
import { DEFAULT_TUNING } from "../tuning.ts";

/** Of all slots, at most this part is used before there are twice as many. */
const LOAD_MAX = 0.5;
/**
 * Slots that are moved for each client that is added. So the table grows bit by
 * bit: to move a million clients at once would hold a server up for long.
 */
const MOVED_AT_ONCE = 16;
const NO_SLOTS: Int32Array = new Int32Array(0);

/** Numbers of clients, by the hashes of their IDs. */
export class ClientIndex {
  readonly #seed: number;
  /** Of each slot the number of a client and 1, or 0, and then its hash. */
  #slots: Int32Array;
  #mask: number;
  #count = 0;
  /** The former, smaller table, as long as not all of it has been moved. */
  #former = NO_SLOTS;
  /** Where in it the rest begins. */
  #movedTo = 0;
  /** Where the search has come to, whether in the former table, and for what. */
  #slot = 0;
  #isInFormer = false;
  #sought = 0;

  /**
   * An empty index.
   *
   * @param seed Any whole number that clients can't know, so that no one can choose
   * IDs that all fall into one place.
   * @param slots For how many there is room at first; a power of two.
   */
  constructor(seed: number, slots: number = DEFAULT_TUNING.indexSlots) {
    this.#seed = seed | 0;
    this.#slots = new Int32Array(2 * slots);
    this.#mask = slots - 1;
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
    this.#isInFormer = false;
    this.#sought = hash;
    const client = this.#seek(this.#slots, this.#mask, hash);
    return client < 0 ? this.#firstFormer() : client;
  }

  /**
   * The number of the next client with the hash that was last asked for; -1 if
   * there is none. One that has been moved may come twice.
   */
  next(): number {
    const from = this.#slot + 1;
    if (this.#isInFormer) {
      return this.#seek(this.#former, this.#mask >> 1, from);
    }
    const client = this.#seek(this.#slots, this.#mask, from);
    return client < 0 ? this.#firstFormer() : client;
  }

  #firstFormer(): number {
    if (this.#former === NO_SLOTS) return -1;
    this.#isInFormer = true;
    return this.#seek(this.#former, this.#mask >> 1, this.#sought);
  }

  #seek(slots: Int32Array, mask: number, from: number): number {
    const hash = this.#sought;
    let slot = from & mask;
    while (slots[2 * slot] !== 0 && slots[2 * slot + 1] !== hash) {
      slot = (slot + 1) & mask;
    }
    this.#slot = slot;
    return slots[2 * slot]! - 1;
  }

  /** Adds a client that is not in it. */
  add(hash: number, client: number): void {
    if (this.#former !== NO_SLOTS) this.#move();
    if (++this.#count > (this.#mask + 1) * LOAD_MAX) {
      this.#former = this.#slots;
      this.#movedTo = 0;
      this.#slots = new Int32Array(this.#former.length * 2);
      this.#mask = this.#mask * 2 + 1;
    }
    this.#put(hash, client + 1);
  }

  #put(hash: number, value: number): void {
    const slots = this.#slots;
    const mask = this.#mask;
    let slot = hash & mask;
    while (slots[2 * slot] !== 0) slot = (slot + 1) & mask;
    slots[2 * slot] = value;
    slots[2 * slot + 1] = hash;
  }

  /** What is moved stays where it was too: searches must not end before the rest. */
  #move(): void {
    const former = this.#former;
    const end = this.#movedTo + 2 * MOVED_AT_ONCE;
    for (let at = this.#movedTo; at < end; at += 2) {
      if (former[at] !== 0) this.#put(former[at + 1]!, former[at]!);
    }
    this.#movedTo = end;
    if (end === former.length) this.#former = NO_SLOTS;
  }
}
