/**
 * How long AT lines took over a link: from when a server wrote one to when its
 * neighbour had read it.
 *
 * @module
 */
import type { History } from "../history.ts";

/** An AT line that went over a link. */
export interface Hop {
  /** The neighbour that read it. */
  readonly to: string;
  /** When it was written, in milliseconds since the drill's start. */
  readonly dueMs: number;
  /** How long it took. */
  readonly tookMs: number;
}

/**
 * The hops of a history. Lines that never came are none; of equal lines on one
 * link, the one that was written first came first.
 */
export function hopsOf(history: History): Hop[] {
  const written = new Map<string, number[]>();
  const hops: Hop[] = [];
  for (const event of history) {
    if (event.kind === "sent") {
      const key = `${event.server} ${event.to} ${event.line}`;
      const times = written.get(key);
      if (times === undefined) written.set(key, [event.atMs]);
      else times.push(event.atMs);
    } else if (event.kind === "delivery" && event.from !== null) {
      const key = `${event.from} ${event.server} ${event.line}`;
      const times = written.get(key) ?? [];
      const sentMs = times.shift();
      if (times.length === 0) written.delete(key);
      if (sentMs === undefined) continue;
      const tookMs = event.atMs - sentMs;
      hops.push({ to: event.server, dueMs: sentMs, tookMs });
    }
  }
  return hops;
}
