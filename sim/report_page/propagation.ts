/**
 * How one update propagated: which server got it from which, and when.
 *
 * @module
 */
import { type MessageTable, UNKNOWN, type UpdateIndex } from "./columns.ts";

/** How one server got an update. */
export interface Arrival {
  /** The index of the server. */
  readonly server: number;
  /** The index of the sender, or of the clients. */
  readonly from: number;
  /**
   * How many links it had passed; 0 at the server that got it from the client.
   */
  readonly hops: number;
  /** When it was sent to this server. */
  readonly sentMs: number;
  readonly receivedMs: number;
  /** Copies that arrived although the server held it, or a newer one. */
  readonly duplicates: number;
}

/** How update number `update` propagated among `servers` servers. */
export function propagationOf(
  table: MessageTable,
  index: UpdateIndex,
  update: number,
  servers: number,
) {
  const first = new Map<number, number>();
  const duplicates = new Map<number, number>();
  let messages = 0;
  let lost = 0;
  let startMs = Infinity;
  for (const i of index.of(update)) {
    const to = table.to[i]!;
    const receivedMs = table.receivedMs[i]!;
    startMs = Math.min(startMs, table.sentMs[i]!);
    if (table.from[i]! < servers) messages++;
    if (Number.isNaN(receivedMs)) {
      if (table.isNew[i] !== UNKNOWN) lost++;
    } else if (table.isNew[i] === 0) {
      duplicates.set(to, (duplicates.get(to) ?? 0) + 1);
    } else {
      const known = first.get(to);
      if (known === undefined || receivedMs < table.receivedMs[known]!) {
        first.set(to, i);
      }
    }
  }
  const byTime = [...first.values()].sort((a, b) =>
    table.receivedMs[a]! - table.receivedMs[b]!
  );
  const children = Map.groupBy(byTime, (i) => table.from[i]!);
  const arrivals: Arrival[] = [];
  const visit = (i: number, hops: number): void => {
    const server = table.to[i]!;
    if (!first.delete(server)) return;
    arrivals.push({
      server,
      from: table.from[i]!,
      hops,
      sentMs: table.sentMs[i]!,
      receivedMs: table.receivedMs[i]!,
      duplicates: duplicates.get(server) ?? 0,
    });
    for (const child of children.get(server) ?? []) visit(child, hops + 1);
  };
  // A server becomes a root if its sender is not known to have stored the
  // update.
  const taken = new Set(first.keys());
  for (const i of byTime) if (!taken.has(table.from[i]!)) visit(i, 0);
  for (const i of byTime) visit(i, 0);
  const reached = new Set(arrivals.map(({ server }) => server));
  return {
    /** The servers that stored it, each right before those it sent it to. */
    arrivals,
    /** The servers that never stored it. */
    missing: Array.from({ length: servers }, (_, server) => server)
      .filter((server) => !reached.has(server)),
    /** The messages that carried it between servers. */
    messages,
    /** Those of them that never arrived. */
    lost,
    /** When a client sent it, or it was first seen. */
    startMs: startMs === Infinity ? 0 : startMs,
    /** When the last server stored it. */
    endMs: arrivals.reduce((max, a) => Math.max(max, a.receivedMs), 0),
  };
}

/** How far each update propagated, and how long that took. */
export type Spread = Readonly<ReturnType<typeof spreadOf>>;

export function spreadOf(
  table: MessageTable,
  index: UpdateIndex,
  updates: number,
) {
  /** By update: the number of servers that stored it. */
  const reached = new Uint16Array(updates);
  /** By update: from its start until the last server stored it. */
  const tookMs = new Float64Array(updates);
  const startMs = new Float64Array(updates).fill(Infinity);
  /** A server that was revived may store it once more. */
  const firstMs = new Map<number, number>();
  for (let update = 0; update < updates; update++) {
    firstMs.clear();
    let beganMs = Infinity;
    for (const i of index.of(update)) {
      beganMs = Math.min(beganMs, table.sentMs[i]!);
      const receivedMs = table.receivedMs[i]!;
      if (table.isNew[i] === 0 || Number.isNaN(receivedMs)) continue;
      const server = table.to[i]!;
      const known = firstMs.get(server) ?? Infinity;
      firstMs.set(server, Math.min(known, receivedMs));
    }
    startMs[update] = beganMs;
    reached[update] = firstMs.size;
    for (const ms of firstMs.values()) {
      tookMs[update] = Math.max(tookMs[update]!, ms - beganMs);
    }
  }
  return { reached, tookMs, startMs };
}
