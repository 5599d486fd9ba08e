/**
 * Memory for unfinished lines, of all connections together.
 *
 * @module
 */
import { Arena } from "../core/bytes/arena.ts";

/**
 * The share above which read buffers stay small, to leave the rest for lines.
 */
const BUFFERS_PART = 1 / 2;

export interface Holder {
  readonly unfinishedBytes: number;
  /** Stops reading, and frees what it holds. */
  giveUp(): void;
}

/** Memory held by all connections. */
export class HeldInput {
  readonly arena = new Arena();
  readonly #max: number;
  readonly #onFull: () => void;
  readonly #holders = new Set<Holder>();
  #used = 0;

  /**
   * @param max Bytes that may be held; beyond, the greatest holders are closed.
   * @param onFull Called before each of them is.
   */
  constructor(max: number, onFull: () => void) {
    this.#max = max;
    this.#onFull = onFull;
  }

  get used(): number {
    return this.#used;
  }

  /** Whether so many more bytes may be held to read faster. */
  hasRoom(bytes: number): boolean {
    return this.#used + bytes <= this.#max * BUFFERS_PART;
  }

  /** What one holder holds has changed. */
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
