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

/** A server sends a fix to its neighbour, where it is new, 0.5 ms later. */
export function hop(
  atMs: number,
  server: string,
  to: string,
  line: string,
  isNew = true,
): HistoryEvent[] {
  return [
    { atMs, kind: "sent", server, to, line },
    delivery(atMs + 0.5, to, server, line, isNew),
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
