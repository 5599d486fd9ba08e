/**
 * The hash of each fix in a store, and sums of them. They are updated lazily:
 * replacing a fix costs one mark, and it is hashed when somebody asks.
 *
 * @module
 */
import { Buckets } from "./buckets.ts";
import { type Hash, HashSums, hashText } from "../bytes/hash.ts";
import type { PlantedBug } from "../planted_bug.ts";
import type { Tuning } from "../tuning.ts";

const COLUMN_MIN = 32;

/** Sums that never change: a bug that can be planted. */
class UnmarkedBuckets extends Buckets {
  readonly #added = new Set<number>();

  override add(client: number, hash: Hash): void {
    if (this.#added.has(client)) return;
    this.#added.add(client);
    super.add(client, hash);
  }

  override subtract(): void {}
}

/** What is needed of the store. */
export interface Hashed {
  readonly count: number;
  readonly tuning: Pick<Tuning, "bucketsFrom">;
  readonly plantedBug: PlantedBug | undefined;
  hashFix(client: number): Hash;
  leafOf(client: number): number;
}

/** The hashes of all fixes of a store. */
export class Fingerprint {
  readonly #store: Hashed;
  readonly #sum = new HashSums(1);
  #buckets: Buckets | undefined;
  /** Clients below this number were hashed at least once. */
  #known = 0;
  /** Those of them whose fix was replaced since. */
  #stale: number[] = [];
  #isStale = new Uint8Array(COLUMN_MIN);
  #highs = new Uint32Array(COLUMN_MIN);
  #lows = new Uint32Array(COLUMN_MIN);

  constructor(store: Hashed) {
    this.#store = store;
  }

  /** A client's fix was replaced. This is on the hot path. */
  replaced(client: number): void {
    if (client >= this.#known || this.#isStale[client] === 1) return;
    this.#isStale[client] = 1;
    this.#stale.push(client);
  }

  /** Upper bound of fixes that are not hashed yet. */
  get backlog(): number {
    return this.#store.count - this.#known + this.#stale.length;
  }

  /**
   * Hashes up to `max` fixes that are not hashed yet, so that little is left to
   * do when a digest is needed.
   */
  refresh(max = Infinity): void {
    const end = Math.min(this.#store.count, this.#known + max);
    if (end > this.#isStale.length) this.#grow(end);
    for (let client = this.#known; client < end; client++, max--) {
      this.#known++;
      this.#buckets?.addClient(this.#store.leafOf(client));
      this.#hash(client);
    }
    for (; max > 0; max--) {
      const client = this.#stale.pop();
      if (client === undefined) break;
      // It may have been hashed on its own meanwhile.
      if (this.#isStale[client] === 1) this.#rehash(client);
    }
    const { bucketsFrom } = this.#store.tuning;
    if (this.#known >= bucketsFrom) this.#buckets ??= this.#filled();
  }

  #grow(count: number): void {
    const size = Math.ceil(count * 1.25);
    const [isStale, highs, lows] = [this.#isStale, this.#highs, this.#lows];
    this.#isStale = new Uint8Array(size);
    this.#isStale.set(isStale);
    this.#highs = new Uint32Array(size);
    this.#highs.set(highs);
    this.#lows = new Uint32Array(size);
    this.#lows.set(lows);
  }

  #hash(client: number): void {
    const hash = this.#store.hashFix(client);
    this.#highs[client] = hash.high;
    this.#lows[client] = hash.low;
    this.#sum.add(0, hash);
    this.#buckets?.add(client, hash);
  }

  #rehash(client: number): void {
    const hash = this.#held(client);
    this.#sum.subtract(0, hash);
    this.#buckets?.subtract(client, hash);
    this.#isStale[client] = 0;
    this.#hash(client);
  }

  #held(client: number): Hash {
    return { high: this.#highs[client]!, low: this.#lows[client]! };
  }

  hashOf(client: number): Hash {
    if (client >= this.#known) return this.#store.hashFix(client);
    if (this.#isStale[client] === 1) this.#rehash(client);
    return this.#held(client);
  }

  /** The sum of all hashes, as 16 hex digits. */
  sumText(): string {
    this.refresh();
    return hashText(this.#sum.at(0));
  }

  /** Current sums by bucket. */
  buckets(): Buckets {
    this.refresh();
    return this.#buckets ??= this.#filled();
  }

  #filled(): Buckets {
    const buckets = this.#store.plantedBug === "bucket-not-marked"
      ? new UnmarkedBuckets()
      : new Buckets();
    for (let client = 0; client < this.#known; client++) {
      buckets.addClient(this.#store.leafOf(client));
      buckets.add(client, this.#held(client));
    }
    return buckets;
  }
}
