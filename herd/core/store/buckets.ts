/**
 * Clients in 65,536 leaves by the hash of their ID, and a sum of hashes for
 * each leaf: a Merkle tree (Merkle 1987) of two levels and 256 × 256 children,
 * as in Dynamo's anti-entropy (DeCandia et al. 2007). Two servers that compare
 * sums from the top down read only the contents of leaves that differ.
 *
 * @module
 */
import { type Hash, HashSums, hashText } from "../bytes/hash.ts";

/** Number of buckets, and of leaves in a bucket. */
const CHILDREN = 256;
const SUM_DIGITS = 16;
/** The sum of what has no clients. */
const NOTHING = "0".repeat(SUM_DIGITS);
const COLUMN_MIN = 4_096;

/** The leaf of a client: the first four hex digits of the hash of its ID. */
export function leafOf(client: Hash): number {
  return client.high >>> 16;
}

/** The number of leaf `child` of bucket `bucket`. */
export function leafAt(bucket: number, child: number): number {
  return bucket * CHILDREN + child;
}

/** Which of 256 children differ, given the texts of their sums. */
export function differing(ours: string, theirs: string): number[] {
  const children: number[] = [];
  for (let child = 0; child < CHILDREN; child++) {
    const [from, to] = [child * SUM_DIGITS, (child + 1) * SUM_DIGITS];
    if (ours.slice(from, to) !== theirs.slice(from, to)) children.push(child);
  }
  return children;
}

/** A set of children as 64 hex digits: a bit for each of 256, child 0 first. */
export function childrenText(children: readonly number[]): string {
  const digits = new Uint8Array(CHILDREN / 4);
  for (const child of children) digits[child >> 2]! |= 8 >> (child & 3);
  return Array.from(digits, (digit) => digit.toString(16)).join("");
}

/** Reverses {@linkcode childrenText}. */
export function childrenOf(text: string): number[] {
  const children: number[] = [];
  for (let child = 0; child < CHILDREN; child++) {
    const digit = parseInt(text[child >> 2]!, 16);
    if ((digit & 8 >> (child & 3)) !== 0) children.push(child);
  }
  return children;
}

/** The leaves of one bucket. */
class Leaves {
  readonly sums = new HashSums(CHILDREN);
  /** By leaf: the client that was added last, plus 1; or 0. */
  readonly last = new Uint32Array(CHILDREN);
}

/** The clients in each leaf, and the sum of each leaf. */
export class Buckets {
  /** Of buckets without clients there is nothing to keep. */
  readonly #buckets: (Leaves | undefined)[] = Array(CHILDREN);
  /** By client: the one added to its leaf before, plus 1; or 0. */
  #before = new Uint32Array(COLUMN_MIN);
  #leaves = new Uint16Array(COLUMN_MIN);
  #count = 0;

  /** Number of clients added. */
  get count(): number {
    return this.#count;
  }

  /** Adds the next client, number `count`, to its leaf. */
  addClient(leaf: number): void {
    if (this.#count === this.#leaves.length) this.#grow();
    const client = this.#count++;
    this.#leaves[client] = leaf;
    const { last } = this.#buckets[leaf >> 8] ??= new Leaves();
    this.#before[client] = last[leaf & 255]!;
    last[leaf & 255] = client + 1;
  }

  #grow(): void {
    const size = Math.ceil(this.#count * 1.25);
    const [before, leaves] = [this.#before, this.#leaves];
    this.#before = new Uint32Array(size);
    this.#before.set(before);
    this.#leaves = new Uint16Array(size);
    this.#leaves.set(leaves);
  }

  /** Adds the hash of a client's fix to the sum of its leaf. */
  add(client: number, hash: Hash): void {
    const leaf = this.#leaves[client]!;
    this.#buckets[leaf >> 8]!.sums.add(leaf & 255, hash);
  }

  /** Subtracts a hash that was added before. */
  subtract(client: number, hash: Hash): void {
    const leaf = this.#leaves[client]!;
    this.#buckets[leaf >> 8]!.sums.subtract(leaf & 255, hash);
  }

  /** The clients in a leaf, latest first, without those added meanwhile. */
  *clients(leaf: number): IterableIterator<number> {
    const first = this.#buckets[leaf >> 8]?.last[leaf & 255] ?? 0;
    for (let next = first; next > 0;) {
      yield next - 1;
      next = this.#before[next - 1]!;
    }
  }

  /** The sums of all 256 buckets, 16 hex digits each. */
  bucketSums(): string {
    let text = "";
    for (let bucket = 0; bucket < CHILDREN; bucket++) {
      const sums = this.#buckets[bucket]?.sums;
      if (sums === undefined) {
        text += NOTHING;
        continue;
      }
      const sum = new HashSums(1);
      for (let child = 0; child < CHILDREN; child++) sum.add(0, sums.at(child));
      text += hashText(sum.at(0));
    }
    return text;
  }

  /** The sums of the 256 leaves of a bucket, 16 hex digits each. */
  leafSums(bucket: number): string {
    const sums = this.#buckets[bucket]?.sums;
    if (sums === undefined) return NOTHING.repeat(CHILDREN);
    let text = "";
    for (let child = 0; child < CHILDREN; child++) {
      text += hashText(sums.at(child));
    }
    return text;
  }
}
