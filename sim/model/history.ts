/**
 * The history of a drill: every request, answer, delivery and fault, with its
 * time. Checks and reports read nothing else.
 *
 * The words are Jepsen's: an operation is *invoked*, and ends as `ok`, as
 * `fail` (it did not happen) or as `info` (unknown: a timeout, a lost
 * connection). An unknown outcome is never a failure.
 *
 * @module
 */
import type { SyncOutcome } from "../../herd/core/link/sync.ts";
import type { LinkWrong } from "../../herd/core/server_event.ts";
import type { HerdIncident } from "./events.ts";
import type { LineEvent } from "./line_events.ts";

/** Events of a herd that a history keeps unchanged. */
export type HerdFact =
  | LineEvent
  | Extract<HerdIncident, {
    readonly kind:
      | "state"
      | "restart-limit"
      | "restart"
      | "fault-begin"
      | "fault-part-end"
      | "fault-end";
  }>;

/** What a client may request. */
export type Operation = "iamat" | "whatsat" | "send";

/** A client sends a request to a server. */
export interface InvokeEvent {
  readonly kind: "invoke";
  /** The operation's number, from 1, in order of requests. */
  readonly op: number;
  /** One logical connection of a client. */
  readonly process: string;
  readonly f: Operation;
  readonly server: string;
  readonly line: string;
  /** In an open loop: when it was due, in milliseconds since the start. */
  readonly dueMs?: number;
  /** The client whose session it is part of, if the step names one. */
  readonly session?: string;
}

export interface EndEvent {
  /** It was done, it was refused, or that is unknown. */
  readonly kind: "ok" | "fail" | "info";
  readonly op: number;
  /** The server's reply: an AT line, or `? …`. */
  readonly reply?: string;
  /** Why there is no reply, or why it is a refusal. */
  readonly why?: string;
}

/** One end of a link came up or went down. */
export interface LinkEvent {
  readonly kind: "link";
  /** The end that reports it. */
  readonly server: string;
  readonly peer: string;
  readonly isUp: boolean;
  readonly why?: string;
  /** What the other end did wrong, if that is why. */
  readonly wrong?: LinkWrong;
}

/** Two neighbours have synced. */
export interface SyncedEvent extends Omit<SyncOutcome, "role"> {
  readonly kind: "synced";
  /** The end that reports it. */
  readonly server: string;
  readonly peer: string;
  /** The server's part in it. */
  readonly role: string;
}

/**
 * The two ends of an idle link were found to hold different records, and these
 * are exchanged: a fix was lost between them, and only the check noticed.
 */
export interface SyncRepairEvent {
  readonly kind: "sync-repair";
  /** The end that reports it. */
  readonly server: string;
  readonly peer: string;
  /** Number of records that this end held. */
  readonly ours: number;
  /** Number of records that the other end held. */
  readonly theirs: number;
}

/** What a fault that is active at the end of the drill has affected. */
export interface FaultTouchedEvent {
  readonly kind: "fault-touched";
  readonly id: string;
  /** Lines, bytes or connections affected so far. */
  readonly touched: number;
}

/** What a server has still to send to one neighbour. */
export interface Waiting {
  readonly peer: string;
  readonly queued: number;
  /** How long the oldest of them has waited, in whole seconds. */
  readonly waitedS: number;
}

/** A server's queues were checked, and had changed. */
export interface QueueEvent {
  readonly kind: "queue";
  readonly server: string;
  /**
   * The most fixes that have waited for one neighbour since the server's start.
   */
  readonly longest: number;
  /** By how many milliseconds its last keepalive was late. */
  readonly lagMs?: number;
  /** Waiting fixes by neighbour, without those that have none. */
  readonly waiting?: readonly Waiting[];
}

/** The `process` of an operation that found no connection. */
export const NOBODY = "nobody";

export interface LoadEvent {
  readonly kind: "load";
  /** Number of operations that its rate and its duration require. */
  readonly asked: number;
  /** Number of operations that were sent. */
  readonly sent: number;
  /** Number of operations not begun: too late, or too many were under way. */
  readonly dropped: number;
}

/** The herd was stopped; the last event. */
export interface SocketsEvent {
  readonly kind: "sockets";
  /** The sockets it leaked, each described in a line. */
  readonly leaked: readonly string[];
}

/** A step of the drill ended. */
export interface StepEvent {
  readonly kind: "step";
  /** Its number, from 1, in the order in which steps ended. */
  readonly step: number;
  readonly text: string;
  /** The phase that begins with it, if any. */
  readonly phase?: string;
  readonly fileLine: number;
  /** Whether it succeeded. */
  readonly ok: boolean;
  /** When it began, in milliseconds since the start. */
  readonly startedMs: number;
  /** Of a failure: what was expected. */
  readonly expected?: string;
  /** Of a failure: what happened. */
  readonly actual?: string;
}

/** One event, without its time. */
export type HistoryFact =
  | InvokeEvent
  | EndEvent
  | HerdFact
  | LinkEvent
  | SyncedEvent
  | SyncRepairEvent
  | FaultTouchedEvent
  | QueueEvent
  | LoadEvent
  | SocketsEvent
  | StepEvent;

/** One event, with its time. */
export type HistoryEvent =
  & {
    /** Milliseconds since the drill's start, with fractions. */
    readonly atMs: number;
  }
  & HistoryFact;

/** Events in order of time. */
export type History = readonly HistoryEvent[];

/**
 * What a history keeps of a herd's event; `undefined` if nothing.
 *
 * @example
 * ```ts
 * import { factOf } from "./history.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const link = { server: "Ash", peer: "Elm" };
 * assertEquals(
 *   factOf({ kind: "link-up", ...link }),
 *   { kind: "link", ...link, isUp: true },
 * );
 * ```
 */
export function factOf(event: HerdIncident): HistoryFact | undefined {
  switch (event.kind) {
    case "link-up":
      return {
        kind: "link",
        server: event.server,
        peer: event.peer,
        isUp: true,
      };
    case "link-down": {
      const { server, peer, why, wrong } = event;
      const link = { kind: "link", server, peer, isUp: false, why } as const;
      return wrong === undefined ? link : { ...link, wrong };
    }
    case "sync-repair": {
      const { ours, theirs } = event;
      return { ...event, ours: ours.count, theirs: theirs.count };
    }
    case "state":
    case "restart-limit": {
      const { isAsked: _, ...kept } = event;
      return kept;
    }
    case "fault-begin": {
      const { name, ...kept } = event;
      const { kind, id, ...rest } = kept;
      return name === id || name === undefined
        ? kept
        : { kind, id, name, ...rest };
    }
    case "link-refused":
    case "dial-failed":
    case "line-unfinished":
    case "time-ahead":
    case "backoff":
    case "connections-capped":
    case "lines-left-out":
    case "places-ready":
    case "start-again":
      return undefined;
    default:
      return event;
  }
}

/** All kinds: the compiler reports a missing one. */
const HISTORY_KINDS: Readonly<Record<HistoryFact["kind"], true>> = {
  invoke: true,
  ok: true,
  fail: true,
  info: true,
  delivery: true,
  sent: true,
  control: true,
  connection: true,
  altered: true,
  unanswered: true,
  state: true,
  link: true,
  synced: true,
  "sync-repair": true,
  "restart-limit": true,
  restart: true,
  "fault-begin": true,
  "fault-part-end": true,
  "fault-end": true,
  "fault-touched": true,
  queue: true,
  load: true,
  sockets: true,
  step: true,
};

/** A history as text: each event as JSON on its own line. */
export function* historyLines(history: History): IterableIterator<string> {
  for (const event of history) yield JSON.stringify(event) + "\n";
}

/**
 * Parses a history.
 *
 * @throws {SyntaxError} If a line is not an event, with its number.
 *
 * @example
 * ```ts
 * import { historyLines, readHistory } from "./history.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const text = '{"atMs":1.5,"kind":"ok","op":1,"reply":"AT s1 +0.1 kiwi +1-1 5"}\n';
 * assertEquals([...historyLines(readHistory(text))].join(""), text);
 * ```
 */
export function readHistory(text: string): History {
  return text.split("\n").flatMap((line, index) =>
    line === "" ? [] : [eventOf(line, index + 1)]
  );
}

function eventOf(line: string, number: number): HistoryEvent {
  const event = parsed(line);
  if (isEvent(event)) return event;
  throw new SyntaxError(`Cannot read line ${number}: it is no event`);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isEvent(value: unknown): value is HistoryEvent {
  const { atMs, kind } = (value ?? {}) as Record<string, unknown>;
  return typeof atMs === "number" && typeof kind === "string" &&
    Object.hasOwn(HISTORY_KINDS, kind);
}
