/**
 * The side of a sync that hears what the other one lists, and offers what was
 * not listed.
 *
 * @module
 */
import { childrenText, differing, leafAt } from "../store/buckets.ts";
import type { Store } from "../store/store.ts";
import type { ByteWriter } from "../bytes/writer.ts";

/** Buckets told of at once, some 16 kB: live updates pass in between. */
const PULL_BUCKETS = 4;

/** Leaves of one bucket. */
interface Leaves {
  readonly bucket: number;
  readonly children: readonly number[];
}

/** What one side has to offer. */
export class Offerer {
  readonly #store: Store;
  readonly #end: number;
  /** What is told of the buckets that differ, until it is sent. */
  #line = "";
  /** Buckets whose leaves are still to be told of. */
  #buckets: readonly number[] = [];
  /** Lists that are still to come, and to be answered by offers. */
  #left = 1;
  /** Where the list that comes is of; of all, if it is left open. */
  #leaves: Leaves | undefined;
  /** Clients in the list that comes. */
  #listed = new Set<number>();
  readonly #offers: Iterator<number>[] = [];

  /**
   * Has heard nothing yet.
   *
   * @param end The number of clients at the beginning of the sync. Who came
   * later came from the neighbour, or is sent to it as any update is.
   */
  constructor(store: Store, end: number) {
    this.#store = store;
    this.#end = end;
  }

  /** Whether there is something to send. */
  get hasOutput(): boolean {
    return this.hasLines || this.#offers.length > 0;
  }

  /** Whether some of it are lines of the sync itself. */
  get hasLines(): boolean {
    return this.#line !== "" || this.#buckets.length > 0;
  }

  /** Whether all lists have come and all was offered. */
  get isDone(): boolean {
    return this.#left === 0 && !this.hasOutput;
  }

  /** The neighbour tells the sums of its buckets. */
  onBucketSums(sums: string): void {
    const ours = this.#store.buckets().bucketSums();
    this.#buckets = differing(ours, sums);
    this.#left = this.#buckets.length;
    this.#line = `DIFF ${childrenText(this.#buckets)}\n`;
  }

  /** The neighbour is about to list its versions in these leaves. */
  onLeaves(bucket: number, children: readonly number[]): void {
    this.#leaves = { bucket, children };
  }

  /** The neighbour has listed a client. */
  onListed(client: number): void {
    this.#listed.add(client);
  }

  /** A list is complete: what it did not name is missing there. */
  onListEnd(): void {
    this.#offers.push(this.#unlisted(this.#leaves, this.#listed));
    this.#leaves = undefined;
    this.#listed = new Set();
  }

  *#unlisted(
    leaves: Leaves | undefined,
    listed: ReadonlySet<number>,
  ): IterableIterator<number> {
    const clients = leaves === undefined ? this.#all() : this.#within(leaves);
    for (const client of clients) {
      if (client < this.#end && !listed.has(client)) yield client;
    }
  }

  *#all(): IterableIterator<number> {
    for (let client = 0; client < this.#end; client++) yield client;
  }

  *#within({ bucket, children }: Leaves): IterableIterator<number> {
    for (const child of children) {
      yield* this.#store.buckets().clients(leafAt(bucket, child));
    }
  }

  /** Writes the next lines, a few buckets at most. */
  pull(out: ByteWriter): void {
    out.text(this.#line);
    this.#line = "";
    const buckets = this.#store.buckets();
    for (const bucket of this.#buckets.slice(0, PULL_BUCKETS)) {
      out.text(`SUMS ${bucket} ${buckets.leafSums(bucket)}\n`);
    }
    this.#buckets = this.#buckets.slice(PULL_BUCKETS);
  }

  /** The next client whose fix the neighbour lacks; -1 if there is none now. */
  pullClient(): number {
    for (let offer; (offer = this.#offers[0]) !== undefined;) {
      const { value: client, done } = offer.next();
      if (!done) return client;
      this.#offers.shift();
      this.#left--;
    }
    return -1;
  }
}
