/**
 * Histories for the tests of checks: of a line of three servers, Ash, Elm and
 * Fig, in which all is well. Tests plant their violations in it.
 *
 * @module
 */
import type { Evidence } from "../../../../sim/model/checks/evidence.ts";
import type { HistoryEvent } from "../../../../sim/model/history.ts";

/** Ash, Elm and Fig in a row. */
export const LINE: Evidence["topology"] = {
  servers: ["Ash", "Elm", "Fig"].map((name) => ({ name, port: 0 })),
  links: [["Ash", "Elm"], ["Elm", "Fig"]],
};

/** The AT line of a fix that kiwi told a server at a time. */
export function at(time: number, server = "Ash", client = "kiwi"): string {
  return `AT ${server} +0.500000000 ${client} +1-1 ${time}`;
}

/** A client tells a server a fix at `atMs`, and has its reply 1 ms later. */
export function iamat(
  op: number,
  atMs: number,
  time: number,
  server = "Ash",
  client = "kiwi",
): HistoryEvent[] {
  const line = `IAMAT ${client} +1-1 ${time}`;
  return [
    {
      atMs,
      kind: "invoke",
      op,
      process: `${server}#1`,
      f: "iamat",
      server,
      line,
    },
    { atMs: atMs + 1, kind: "ok", op, reply: at(time, server, client) },
  ];
}

/** A fix comes to a server. */
export function delivery(
  atMs: number,
  server: string,
  from: string | null,
  line: string,
  isNew = true,
): HistoryEvent {
  return { atMs, kind: "delivery", server, from, line, isNew };
}

/**
 * Which line of a link is written at a time: links have one connection each, and
 * on it ten lines a millisecond.
 */
export function placeAt(atMs: number, one: string, other: string) {
  const connection = [one, other].sort().join("-");
  return { connection, number: Math.round(atMs * 10) + 1 };
}

/** A server writes a fix to the link of a neighbour. */
export function sent(atMs: number, server: string, to: string, line: string) {
  const place = placeAt(atMs, server, to);
  return { atMs, kind: "sent", server, to, line, ...place } as const;
}

/** A neighbour's line, that was written at `sentMs`, is read. */
export function read(
  atMs: number,
  sentMs: number,
  server: string,
  from: string,
  line: string,
  isNew = true,
): HistoryEvent {
  const place = placeAt(sentMs, server, from);
  return { atMs, kind: "delivery", server, from, line, isNew, ...place };
}

/** A server sends a fix to its neighbour, where it is new, 0.5 ms later. */
export function hop(
  atMs: number,
  server: string,
  to: string,
  line: string,
  isNew = true,
): HistoryEvent[] {
  return [
    sent(atMs, server, to, line),
    read(atMs + 0.5, atMs, to, server, line, isNew),
  ];
}

/** A server comes into a state. */
export function state(
  atMs: number,
  server: string,
  name: "starting" | "up" | "stopped" | "crashed" | "paused",
): HistoryEvent {
  return { atMs, kind: "state", server, state: name };
}

/** One fix, told to Ash at `atMs`, gets to Elm and then to Fig. */
export function flood(op: number, atMs: number, time: number): HistoryEvent[] {
  const line = at(time);
  return [
    ...iamat(op, atMs, time),
    delivery(atMs + 0.5, "Ash", null, line),
    ...hop(atMs + 1, "Ash", "Elm", line),
    ...hop(atMs + 2, "Elm", "Fig", line),
  ];
}

/** The evidence of events, with what servers held at the end. */
export function evidence(
  events: readonly HistoryEvent[],
  records: Record<string, readonly string[]> = {},
): Evidence {
  return {
    topology: LINE,
    history: events.toSorted((a, b) => a.atMs - b.atMs),
    records: new Map(Object.entries(records)),
  };
}
