/**
 * The side of a sync that receives the other side's list, and sends what was
 * not listed.
 *
 * @module
 */
import { childrenText, differing } from "../store/buckets.ts";
import type { Store } from "../store/store.ts";
import type { ByteWriter } from "../bytes/writer.ts";

/** Buckets per pull, some 16 kB: live updates are sent in between. */
const PULL_BUCKETS = 4;

/** Some leaves of one bucket. */
interface Leaves {
  readonly bucket: number;
  readonly children: readonly number[];
}

/** What one side sends in reply to lists. */
export class Offerer {
  readonly #store: Store;
  readonly #end: number;
  /** The line about the buckets that differ, until it is sent. */
  #line = "";
  /** Buckets whose leaf sums have still to be sent. */
  #buckets: readonly number[] = [];
  /** Lists that have still to be received and answered. */
  #left = 1;
  /** The leaves that the next list covers; all, if `undefined`. */
  #leaves: Leaves | undefined;
  /** Clients in the list that is being received. */
  #listed = new Set<number>();
  readonly #offers: Iterator<number>[] = [];

  /**
   * @param end The number of clients when the sync began. Clients added later
   * came from the neighbour, or are sent to it as any update is.
   */
  constructor(store: Store, end: number) {
    this.#store = store;
    this.#end = end;
  }

  get hasOutput(): boolean {
    return this.hasLines || this.#offers.length > 0;
  }

  /** Whether there are lines of the sync itself to send. */
  get hasLines(): boolean {
    return this.#line !== "" || this.#buckets.length > 0;
  }

  /** Whether all lists were received and answered. */
  get isDone(): boolean {
    return this.#left === 0 && !this.hasOutput;
  }

  /** The neighbour has sent the sums of its buckets. */
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

  /** A list has ended: the neighbour lacks the clients that are not in it. */
  onListEnd(): void {
    this.#offers.push(this.#unlisted(this.#leaves, this.#listed));
    this.#leaves = undefined;
    this.#listed = new Set();
  }

  *#unlisted(
    leaves: Leaves | undefined,
    listed: ReadonlySet<number>,
  ): IterableIterator<number> {
    const clients = leaves === undefined
      ? this.#store.clients()
      : this.#store.clientsIn(leaves.bucket, leaves.children);
    for (const client of clients) {
      if (client < this.#end && !listed.has(client)) yield client;
    }
  }

  /** Writes the next lines, for a few buckets at most. */
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
