/**
 * How long AT lines took over a link: from when a server wrote one to when its
 * neighbour had read it.
 *
 * @module
 */
import { crossingsOf } from "../crossings.ts";
import type { History } from "../history.ts";

/** An AT line that went over a link. */
export interface Hop {
  /** The neighbour that read it. */
  readonly to: string;
  /** When it was written, in milliseconds since the drill's start. */
  readonly dueMs: number;
  readonly tookMs: number;
}

/**
 * The hops of a history. Lines that never came are none, nor are such as came as
 * others; of one that was doubled it is the first copy's.
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
