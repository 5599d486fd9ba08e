/**
 * What a herd went through, batch by batch, so that any moment of it can be
 * shown: of a live herd the last ten minutes, of a run all of it.
 *
 * @module
 */
import type { Batch } from "../model/web/batch.ts";
import { KEPT_MS, Moment } from "./snapshot.ts";

/** A moment is kept whole every so many batches, to start from. */
const KEY_EVERY = 150;
/**
 * What batches hold together, counted in flows, hops and the like. Where more
 * happens than a tab can hold, less than ten minutes are kept.
 */
const THINGS_MAX = 1_500_000;

interface Key {
  /** How many batches, of all that ever were, are in it. */
  readonly count: number;
  readonly moment: Moment;
}

/** Batches in the order of time, and the moments that they make. */
export class Recording {
  /** What it is called. */
  readonly title: string;
  /** Whether it is a run from a file: it does not go on. */
  readonly isFile: boolean;
  /** Where the herd stands after the last batch. */
  readonly latest: Moment = new Moment();
  #batches: Batch[] = [];
  /** How many batches were dropped at the front. */
  #dropped = 0;
  #things = 0;
  readonly #keys: Key[] = [{ count: 0, moment: new Moment() }];

  /** Nothing yet; a file's batches are given at once. */
  constructor(title: string, batches?: Iterable<Batch>) {
    this.title = title;
    this.isFile = batches !== undefined;
    for (const batch of batches ?? []) this.append(batch);
  }

  /** How many batches there ever were. */
  get count(): number {
    return this.#dropped + this.#batches.length;
  }

  /** The first moment that can be shown. */
  get fromMs(): number {
    return this.#batches[0]?.atMs ?? 0;
  }

  /** The last moment that can be shown. */
  get toMs(): number {
    return this.latest.atMs;
  }

  /** The next batch. */
  append(batch: Batch): void {
    this.latest.fold(batch);
    this.#batches.push(batch);
    this.#things += thingsOf(batch);
    if (this.count % KEY_EVERY === 0) {
      this.#keys.push({ count: this.count, moment: new Moment(this.latest) });
    }
    if (!this.isFile) this.#forget();
  }

  #forget(): void {
    const [, second] = this.#keys;
    if (second === undefined) return;
    const count = second.count - this.#dropped;
    const isOld = second.moment.atMs < this.latest.atMs - KEPT_MS;
    if (!isOld && this.#things < THINGS_MAX) return;
    for (const batch of this.#batches.splice(0, count)) {
      this.#things -= thingsOf(batch);
    }
    this.#dropped += count;
    this.#keys.shift();
  }

  /** How many batches there were by a moment; the first kept one at least. */
  countAt(ms: number): number {
    let low = 1;
    let high = this.#batches.length;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#batches[middle - 1]!.atMs <= ms) low = middle;
      else high = middle - 1;
    }
    return this.#dropped + Math.min(low, this.#batches.length);
  }

  /** When the batch with this number, from 1, ended. */
  endOf(count: number): number {
    const index = Math.min(
      Math.max(count - this.#dropped, 1),
      this.#batches.length,
    );
    return this.#batches[index - 1]?.atMs ?? 0;
  }

  /**
   * The moment after so many batches. `from` is changed into it where that is
   * shorter than to begin anew.
   */
  momentAt(count: number, from?: { moment: Moment; count: number }): Moment {
    let key = this.#keys[0]!;
    for (const other of this.#keys) if (other.count <= count) key = other;
    let at = key.count;
    let moment: Moment;
    if (from !== undefined && from.count <= count && from.count >= key.count) {
      at = from.count;
      moment = from.moment;
    } else moment = new Moment(key.moment);
    for (; at < count; at++) moment.fold(this.#batches[at - this.#dropped]!);
    return moment;
  }
}

function thingsOf(batch: Batch): number {
  return 5 + batch.flows.length + batch.hops.length + batch.events.length +
    batch.fixes.length + batch.servers.length + batch.links.length;
}
