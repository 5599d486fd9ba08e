/**
 * The side of a sync that lists its versions: all of them, or, with many
 * clients, those in leaves that differ.
 *
 * @module
 */
import { childrenText, differing } from "../store/buckets.ts";
import type { Store } from "../store/store.ts";
import type { ByteWriter } from "../bytes/writer.ts";
import { writeList } from "./list.ts";

/** A list that is being sent. */
interface List {
  /** The line to be sent before it. */
  head: string;
  readonly clients: Iterator<number>;
}

/** Lists the versions of one side. */
export class Lister {
  readonly #store: Store;
  readonly #lists: List[] = [];
  #areSumsDue = false;
  /** Lists still to be sent; `undefined` until their number is known. */
  #left: number | undefined;
  #listed = 0;

  /**
   * @param byBuckets Whether to find out first in which buckets the versions
   * differ.
   */
  constructor(store: Store, byBuckets: boolean) {
    this.#store = store;
    if (byBuckets) this.#areSumsDue = true;
    else {
      this.#left = 1;
      this.#lists.push({ head: "", clients: store.clients() });
    }
  }

  /** Number of versions listed so far. */
  get listed(): number {
    return this.#listed;
  }

  get hasOutput(): boolean {
    return this.#areSumsDue || this.#lists.length > 0;
  }

  /** Whether everything is listed. */
  get isDone(): boolean {
    return this.#left === 0;
  }

  /**
   * The neighbour has named the buckets that differ; their sums will follow.
   */
  onBuckets(buckets: readonly number[]): void {
    this.#left = buckets.length;
  }

  /** The neighbour has sent the sums of the leaves in a bucket. */
  onLeafSums(bucket: number, sums: string): void {
    const leaves = differing(this.#store.buckets().leafSums(bucket), sums);
    this.#lists.push({
      head: `DIFF ${bucket} ${childrenText(leaves)}\n`,
      clients: this.#store.clientsIn(bucket, leaves),
    });
  }

  /** Writes the next lines: about `bytesMax` bytes, and at least one line. */
  pull(out: ByteWriter, bytesMax: number): void {
    const list = this.#lists[0];
    if (this.#areSumsDue) {
      this.#areSumsDue = false;
      out.text(`SUMS ${this.#store.buckets().bucketSums()}\n`);
    } else if (list !== undefined) this.#pullList(list, out, bytesMax);
  }

  #pullList(list: List, out: ByteWriter, bytesMax: number): void {
    out.text(list.head);
    list.head = "";
    const { listLines } = this.#store.tuning;
    const count = writeList("HAVE", listLines, out, bytesMax, (lines) => {
      const { value: client, done } = list.clients.next();
      if (!done) this.#store.writeVersion(client, lines);
      return !done;
    });
    this.#listed += count;
    if (count > 0) return;
    this.#lists.shift();
    this.#left!--;
  }
}
