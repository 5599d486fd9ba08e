/**
 * Finds the messages of a run in a time window, and the distance of a point
 * from a line.
 *
 * @module
 */
import type { MessageTable } from "./columns.ts";

export interface Span {
  /** In milliseconds since the start. */
  readonly fromMs: number;
  readonly toMs: number;
}

const BLOCK = 1_024;

/** How long a lost message counts as under way, as a share of the window. */
export const LOST_SHARE = 0.02;

/**
 * Finds messages by time. Some take long, so they are not sorted by their ends.
 */
export class MessageFinder {
  readonly #table: MessageTable;
  /** When the last message of each block has ended. */
  readonly #lastEnds: Float64Array;

  constructor(table: MessageTable) {
    this.#table = table;
    const { length, sentMs, receivedMs } = table;
    this.#lastEnds = new Float64Array(Math.ceil(length / BLOCK));
    for (let i = 0; i < length; i++) {
      const block = Math.floor(i / BLOCK);
      const end = Number.isNaN(receivedMs[i]!) ? sentMs[i]! : receivedMs[i]!;
      if (end > this.#lastEnds[block]!) this.#lastEnds[block] = end;
    }
  }

  /** Calls `take` for each message under way within a window, in order. */
  each({ fromMs, toMs }: Span, take: (message: number) => void): void {
    const { length, sentMs, receivedMs } = this.#table;
    const lostMs = (toMs - fromMs) * LOST_SHARE;
    for (let block = 0; block < this.#lastEnds.length; block++) {
      if (sentMs[block * BLOCK]! > toMs) return;
      if (this.#lastEnds[block]! + lostMs < fromMs) continue;
      const end = Math.min(length, (block + 1) * BLOCK);
      for (let i = block * BLOCK; i < end; i++) {
        const received = receivedMs[i]!;
        if (sentMs[i]! > toMs) return;
        if (
          (Number.isNaN(received) ? sentMs[i]! + lostMs : received) >= fromMs
        ) take(i);
      }
    }
  }
}

/** The distance of a point from a line segment. */
export function distanceToLine(
  [x, y]: readonly [number, number],
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
): number {
  const squared = (x2 - x1) ** 2 + (y2 - y1) ** 2;
  const along = squared === 0
    ? 0
    : ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / squared;
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(x - x1 - share * (x2 - x1), y - y1 - share * (y2 - y1));
}

/**
 * Whether an update is in the sample of one in `oneIn`. Samples are nested.
 * They are not periodic in the order of updates, which would alias with the
 * load.
 */
export function isSampled(update: number, oneIn: number): boolean {
  const mixed = Math.imul(update + 1, 0x9e37_79b1) >>> 0;
  return mixed < 0x1_0000_0000 / oneIn;
}
