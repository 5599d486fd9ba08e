/**
 * Finds the hops of updates in a history.
 *
 * @module
 */
import type { HistoryEvent } from "../../model/history.ts";
import type { LinePlace } from "../../model/line_events.ts";
import type { Hop } from "../../model/web/batch.ts";
import { readAtLine } from "../at_line.ts";

/**
 * The hops of some clients' updates, by their send events. A line that was sent
 * and the same line received are matched by the connection and the line's
 * number on it; a proxy's events between them tell what it did to the line.
 */
export function hopsOf(
  events: readonly HistoryEvent[],
  clients: ReadonlySet<string>,
): Map<HistoryEvent, Hop> {
  const hops = new Map<HistoryEvent, Hop>();
  if (clients.size === 0) return hops;
  const lines = linesOf(events);
  for (const event of events) {
    if (event.kind !== "sent") continue;
    const client = readAtLine(event.line)?.client;
    if (client === undefined || !clients.has(client)) continue;
    const { server: from, to, line, atMs: sentMs } = event;
    const fate = fateOf(event, lines);
    hops.set(event, { from, to, client, line, sentMs, ...fate });
  }
  return hops;
}

type Lines = Readonly<ReturnType<typeof linesOf>>;

function linesOf(events: readonly HistoryEvent[]) {
  const lines = {
    /** By connection, reader and number. */
    read: new Map<string, { atMs: number; isNew: boolean }>(),
    /**
     * The line numbers on the reader's side, one per copy; `null` for a line
     * that was dropped.
     */
    altered: new Map<string, (number | null)[]>(),
    /** Connections that have ended. */
    ended: new Set<string>(),
  };
  for (const event of events) {
    if (event.kind === "delivery") {
      const { connection, number, server, atMs, isNew } = event;
      if (connection === undefined) continue;
      lines.read.set(`${connection} ${server} ${number}`, { atMs, isNew });
    } else if (event.kind === "altered") {
      const key = `${event.connection} ${event.from} ${event.number}`;
      lines.altered.set(key, [...lines.altered.get(key) ?? [], event.as]);
    } else if (event.kind === "connection" && !event.isOpen) {
      lines.ended.add(event.connection);
    }
  }
  return lines;
}

function fateOf(
  sent: Partial<LinePlace> & { readonly server: string; readonly to: string },
  { read, altered, ended }: Lines,
): Pick<Hop, "readMs" | "isNew" | "isLost"> {
  const { connection, number, server, to } = sent;
  if (connection === undefined || number === undefined) {
    return { readMs: null, isNew: false, isLost: false };
  }
  const copies = altered.get(`${connection} ${server} ${number}`) ?? [number];
  for (const as of copies) {
    const arrival = read.get(`${connection} ${to} ${as}`);
    if (as === null || arrival === undefined) continue;
    return { readMs: arrival.atMs, isNew: arrival.isNew, isLost: false };
  }
  const isDropped = copies.every((as) => as === null);
  // The connection ended before its reader received the line.
  return {
    readMs: null,
    isNew: true,
    isLost: isDropped || ended.has(connection),
  };
}
