/**
 * Memory for input that is no whole line yet, of all connections together.
 *
 * @module
 */
import { Arena } from "../core/bytes/arena.ts";

/** A part of it above which read buffers stay small, so that lines have the rest. */
const BUFFERS_PART = 1 / 2;

export interface Holder {
  /** Bytes of a line that has not ended yet. */
  readonly unfinishedBytes: number;
  /** Takes no further input, and gives back what it holds. */
  giveUp(): void;
}

/** What all connections hold. */
export class HeldInput {
  readonly arena = new Arena();
  readonly #max: number;
  readonly #onFull: () => void;
  readonly #holders = new Set<Holder>();
  #used = 0;

  /**
   * Nothing is held yet.
   *
   * @param max Bytes that may be held; beyond, those who hold most give it up.
   * @param onFull Called for each of them, before.
   */
  constructor(max: number, onFull: () => void) {
    this.#max = max;
    this.#onFull = onFull;
  }

  get used(): number {
    return this.#used;
  }

  /** Whether so much more may be held to read faster. */
  hasRoom(bytes: number): boolean {
    return this.#used + bytes <= this.#max * BUFFERS_PART;
  }

  /** One that has held `before` now holds `after`. */
  change(holder: Holder, before: number, after: number): void {
    this.#used += after - before;
    if (after > 0) this.#holders.add(holder);
    else this.#holders.delete(holder);
    while (after > before && this.#used > this.#max) {
      const most = this.#most();
      if (most === undefined) return;
      this.#onFull();
      most.giveUp();
    }
  }

  #most(): Holder | undefined {
    let most: Holder | undefined;
    let bytes = 0;
    for (const holder of this.#holders) {
      if (holder.unfinishedBytes <= bytes) continue;
      most = holder;
      bytes = holder.unfinishedBytes;
    }
    return most;
  }
}
