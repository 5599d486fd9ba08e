/**
 * How long AT lines took over a link: from being written by one server to being
 * read by its neighbour.
 *
 * @module
 */
import { CrossingReader } from "../crossings.ts";
import type { History } from "../history.ts";

/** The AT lines that crossed a link to one server, line by line. */
export interface Hops {
  /** When each was written, in milliseconds since the drill's start. */
  readonly dueMs: readonly number[];
  readonly tookMs: readonly number[];
}

/**
 * The hops of a history, by the server that read them. Lines that were lost or
 * corrupted are left out; of a duplicated line, the first copy counts.
 */
export function hopsOf(history: History): Map<string, Hops> {
  const reader = new CrossingReader();
  for (const event of history) reader.take(event);
  const hops = new Map<string, { dueMs: number[]; tookMs: number[] }>();
  reader.eachArrived(({ to, atMs }, read) => {
    const its = hops
      .getOrInsertComputed(to, () => ({ dueMs: [], tookMs: [] }));
    its.dueMs.push(atMs);
    its.tookMs.push(read.atMs - atMs);
  });
  return hops;
}
