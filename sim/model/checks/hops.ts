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
  return crossingsOf(history).crossings.flatMap(({ sent, copies }) => {
    const [first] = copies;
    if (first === undefined) return [];
    const [to, dueMs] = [sent.to, sent.atMs];
    return [{ to, dueMs, tookMs: first.atMs - dueMs }];
  });
}
