/**
 * What a server knows: the newest fix of each client.
 *
 * @module
 */
import { type ByteString, owned } from "./bytes.ts";
import type { Fix } from "./fix.ts";
import { type Hash, HashSum, hashText } from "./hash.ts";

/** A short account of what a store holds. Equal digests: equal fixes. */
export interface Digest {
  /** The number of clients. */
  readonly count: number;
  /** The sum modulo 2⁶⁴ of the hashes of all fixes, as 16 hex digits. */
  readonly fingerprint: string;
}

/** The newest fix of each client, and nothing else. */
export class Store {
  readonly #fixes = new Map<ByteString, Fix>();
  /** The sum of those hashes that have been asked for, which is here only. */
  readonly #sum = new HashSum();

  /** The number of clients. */
  get count(): number {
    return this.#fixes.size;
  }

  /** The newest fix of a client, if there is one. */
  get(client: ByteString): Fix | undefined {
    return this.#fixes.get(client);
  }

  /** Keeps `fix` if it is newer than what is held; tells whether it was. */
  merge(client: ByteString, fix: Fix): boolean {
    const held = this.#fixes.get(client);
    if (held === undefined) {
      this.#fixes.set(owned(client.slice(0, 1), client.slice(1)), fix);
      return true;
    }
    if (!fix.isNewerThan(held)) return false;
    if (held.isHashed) this.#sum.subtract(held.hash);
    this.#fixes.set(client, fix);
    return true;
  }

  /** All clients and their fixes; fixes that come meanwhile may be among them. */
  entries(): IterableIterator<[ByteString, Fix]> {
    return this.#fixes.entries();
  }

  /** The hash of a fix that this store holds. */
  hashOf(fix: Fix): Hash {
    if (!fix.isHashed) this.#sum.add(fix.hash);
    return fix.hash;
  }

  /**
   * The digest. Only fixes that came since the last one are hashed, so a client
   * that moves a thousand times between two digests costs one hash.
   */
  digest(): Digest {
    for (const fix of this.#fixes.values()) this.hashOf(fix);
    return { count: this.count, fingerprint: hashText(this.#sum) };
  }
}
