/**
 * A herd's history, batch by batch, from which any moment can be shown: the
 * last ten minutes of a live herd, or all of a run.
 *
 * @module
 */
import type { Batch } from "../model/web/batch.ts";
import { KEPT_MS, Moment } from "./snapshot.ts";

/** Every so many batches a whole moment is kept, as a start to replay from. */
const KEY_EVERY = 150;
/**
 * The limit on what the batches hold in all, counted in flows, hops and the
 * like. On a busy herd this is less than ten minutes.
 */
const THINGS_MAX = 1_500_000;

interface Key {
  /** How many batches are folded into it, counted from the first ever. */
  readonly count: number;
  readonly moment: Moment;
}

/** Batches in the order of time, from which moments are rebuilt. */
export class Recording {
  readonly title: string;
  /** Whether it is a run from a file, which does not grow. */
  readonly isFile: boolean;
  readonly latest: Moment = new Moment();
  #batches: Batch[] = [];
  /** How many of the oldest batches were dropped. */
  #dropped = 0;
  #things = 0;
  readonly #keys: Key[] = [{ count: 0, moment: new Moment() }];

  constructor(title: string, batches?: Iterable<Batch>) {
    this.title = title;
    this.isFile = batches !== undefined;
    for (const batch of batches ?? []) this.append(batch);
  }

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

  /**
   * How many batches had ended by a moment; at least up to the first that is
   * kept.
   */
  countAt(ms: number): number {
    const ended = this.#batches.findLastIndex(({ atMs }) => atMs <= ms) + 1;
    return Math.min(this.#dropped + Math.max(ended, 1), this.count);
  }

  /** When a batch ended, by its number from 1. */
  endOf(count: number): number {
    const index = Math.min(
      Math.max(count - this.#dropped, 1),
      this.#batches.length,
    );
    return this.#batches[index - 1]?.atMs ?? 0;
  }

  /**
   * The moment after `count` batches. It is computed from `from`, which is
   * changed, where that is less work than from a key.
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
