/**
 * Batches as a herd would send them, for tests.
 *
 * @module
 */
import type { Batch, Hop } from "../../../sim/model/web/batch.ts";
import type { ServerView } from "../../../sim/model/web/batch.ts";

/** A batch in which nothing happened but what is told. */
export function batch(id: number, more: Partial<Batch> = {}): Batch {
  return {
    id,
    atMs: id * 100,
    events: [],
    flows: [],
    hops: [],
    fixes: [],
    fixesLeftOut: 0,
    servers: [],
    links: [],
    ...more,
  };
}

/** A server that is up, but for what is told. */
export function server(
  name: string,
  more: Partial<ServerView> = {},
): ServerView {
  return {
    name,
    state: "up",
    sinceMs: 0,
    port: 1,
    restarts: 0,
    restartsInMs: null,
    records: null,
    queued: null,
    clients: null,
    lagMs: null,
    memory: null,
    ...more,
  };
}

/** A hop that takes a millisecond. */
export function hop(
  from: string,
  to: string,
  sentMs: number,
  more: Partial<Hop> = {},
): Hop {
  return {
    from,
    to,
    client: "kiwi",
    line: "AT Ash +0.1 kiwi +1+1 5",
    sentMs,
    readMs: sentMs + 1,
    isNew: true,
    isLost: false,
    ...more,
  };
}
