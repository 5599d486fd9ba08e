/**
 * What a server knows: the newest fix of each client.
 *
 * @module
 */
import { type ByteString, owned } from "./bytes.ts";
import type { Fix } from "./fix.ts";
import { type Hash, hashOf, HashSum, hashText } from "./hash.ts";

/** A short account of what a store holds. Equal digests: equal fixes. */
export interface Digest {
  /** The number of clients. */
  readonly count: number;
  /** The sum modulo 2⁶⁴ of the hashes of all fixes, as 16 hex digits. */
  readonly fingerprint: string;
}

/** What a store holds of one client. */
export interface Held {
  /** The client's ID, in memory of its own: it may be kept. */
  readonly client: ByteString;
  /** The client's newest fix. */
  readonly fix: Fix;
}

/** As {@linkcode Held}, to be written by the store alone. */
interface Entry extends Held {
  fix: Fix;
  /** The hash of the fix, once it has been asked for; then it is in the sum. */
  hash: Hash | undefined;
}

/** The newest fix of each client, and nothing else. */
export class Store {
  readonly #entries = new Map<ByteString, Entry>();
  /** The sum of those hashes that have been asked for. */
  readonly #sum = new HashSum();

  /** The number of clients. */
  get count(): number {
    return this.#entries.size;
  }

  /** What is held of a client, if anything is. */
  get(client: ByteString): Held | undefined {
    return this.#entries.get(client);
  }

  /**
   * Keeps `fix` if it is newer than what is held.
   *
   * @returns What is held now; `undefined` if `fix` was not newer.
   */
  merge(client: ByteString, fix: Fix): Held | undefined {
    const entry = this.#entries.get(client);
    if (entry === undefined) return this.#add(client, fix);
    if (!fix.isNewerThan(entry.fix)) return undefined;
    if (entry.hash !== undefined) this.#sum.subtract(entry.hash);
    entry.hash = undefined;
    entry.fix = fix;
    return entry;
  }

  #add(client: ByteString, fix: Fix): Held {
    const key = owned(client.slice(0, 1), client.slice(1));
    const entry = { client: key, fix, hash: undefined };
    this.#entries.set(key, entry);
    return entry;
  }

  /** What is held of each client; what comes meanwhile may be among it. */
  entries(): IterableIterator<Held> {
    return this.#entries.values();
  }

  /** The hash of a client's fix, as 16 hex digits; `undefined` if none is held. */
  tie(client: ByteString): string | undefined {
    const entry = this.#entries.get(client);
    return entry && hashText(this.#hash(entry));
  }

  /**
   * The digest. Only fixes that came since the last one are hashed, so a client
   * that moves a thousand times between two digests costs one hash.
   */
  digest(): Digest {
    for (const entry of this.#entries.values()) this.#hash(entry);
    return { count: this.count, fingerprint: hashText(this.#sum) };
  }

  #hash(entry: Entry): Hash {
    if (entry.hash === undefined) {
      entry.hash = hashOf(entry.fix.line);
      this.#sum.add(entry.hash);
    }
    return entry.hash;
  }
}
