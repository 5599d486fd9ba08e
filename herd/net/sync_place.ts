/**
 * Where a file is synced: in this thread, or in another one.
 *
 * A quick disk syncs a few bytes in the time that a trip to another thread takes.
 * So such a sync is done in place, as Redis does. A slow disk would hold up the
 * whole server: one slow sync, and those after it are done elsewhere until the
 * disk has been quick for a while.
 *
 * @module
 */

/** Unsynced bytes up to which a sync may be shorter than the trip. */
export const SHORT_BYTES_MAX = 16_384;
/** Milliseconds up to which a sync is quick. */
const QUICK_MS_MAX = 1;
/** Quick syncs in a row before one is done in place. */
const QUICK_SYNCS = 16;

/** Decides it for one file, from its syncs so far. */
export class SyncPlace {
  #unsynced = 0;
  #quick = 0;

  wrote(bytes: number): void {
    this.#unsynced += bytes;
  }

  /** A sync begins: whether it is of a few bytes, and to be done in place. */
  begin(): { isShort: boolean; isInPlace: boolean } {
    const isShort = this.#unsynced <= SHORT_BYTES_MAX;
    this.#unsynced = 0;
    return { isShort, isInPlace: isShort && this.#quick >= QUICK_SYNCS };
  }

  /** The sync has ended, after so many milliseconds. */
  took(ms: number): void {
    this.#quick = ms <= QUICK_MS_MAX ? this.#quick + 1 : 0;
  }
}
