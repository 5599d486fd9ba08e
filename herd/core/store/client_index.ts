/**
 * Finds a client by the bytes of its ID: a hash table with open addressing and
 * linear probing. A `Map` would need a string for every line that arrives.
 *
 * @module
 */
import { FNV_PRIME } from "../bytes/hash.ts";
import { DEFAULT_TUNING } from "../tuning.ts";

/** The table doubles when more than this share of its slots is used. */
const LOAD_MAX = 0.5;
/**
 * Slots moved for each client that is added. So the table grows step by step:
 * moving a million clients at once would block the server for long.
 */
const MOVED_AT_ONCE = 16;
const NO_SLOTS: Int32Array = new Int32Array(0);

/** Client numbers by the hashes of their IDs. */
export class ClientIndex {
  readonly #seed: number;
  /** For each slot the client's number plus 1, or 0, and then its hash. */
  #slots: Int32Array;
  #mask: number;
  #count = 0;
  /** The former, smaller table, while it has not been moved completely. */
  #former = NO_SLOTS;
  /** Slots of the former table before this one were moved. */
  #movedTo = 0;
  /** State of the search: the slot, the table, and the hash. */
  #slot = 0;
  #isInFormer = false;
  #sought = 0;

  /**
   * @param seed Any integer that clients can't know, so that nobody can choose
   * IDs that all collide.
   * @param slots Initial size, a power of two.
   */
  constructor(seed: number, slots: number = DEFAULT_TUNING.indexSlots) {
    this.#seed = seed | 0;
    this.#slots = new Int32Array(2 * slots);
    this.#mask = slots - 1;
  }

  /** The hash of an ID: FNV-1a, seeded, and finalized as in MurmurHash3. */
  hash(bytes: Uint8Array, start: number, end: number): number {
    let hash = this.#seed;
    for (let at = start; at < end; at++) {
      hash = Math.imul(hash ^ bytes[at]!, FNV_PRIME);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    return hash ^ (hash >>> 13);
  }

  /**
   * The number of the first client with this hash, which several may share; -1
   * if there is none.
   */
  first(hash: number): number {
    this.#isInFormer = false;
    this.#sought = hash;
    const client = this.#seek(this.#slots, this.#mask, hash);
    return client < 0 ? this.#firstFormer() : client;
  }

  /**
   * The next client with the hash that was last searched for; -1 if there is
   * none. One that was moved may be returned twice.
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

  /** Adds a client that is not in the index. */
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

  /**
   * Moved entries stay in the former table too, or searches would end early.
   */
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
