/**
 * How long AT lines took over a link: from being written by one server to being
 * read by its neighbour.
 *
 * @module
 */
import { crossingsOf } from "../crossings.ts";
import type { History } from "../history.ts";

/** An AT line that crossed a link. */
export interface Hop {
  /** The neighbour that read it. */
  readonly to: string;
  /** When it was written, in milliseconds since the drill's start. */
  readonly dueMs: number;
  readonly tookMs: number;
}

/**
 * The hops of a history. Lines that were lost or corrupted are left out; of a
 * duplicated line, the first copy counts.
 */
export function hopsOf(history: History): Hop[] {
  const hops: Hop[] = [];
  for (const { sent, copies } of crossingsOf(history).crossings) {
    const [first] = copies;
    if (first === undefined) continue;
    const { to, atMs } = sent;
    hops.push({ to, dueMs: atMs, tookMs: first.atMs - atMs });
  }
  return hops;
}
