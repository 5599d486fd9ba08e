/**
 * The history of a drill: all that was asked, answered, delivered and broken,
 * with its time. Checks and reports read it and nothing else.
 *
 * The words are Jepsen's: an operation is *invoked*, and ends as `ok`, as
 * `fail` (it did not happen) or as `info` (nobody knows: a time-out, a lost
 * connection). An unknown is never a failure.
 *
 * @module
 */
import type { SyncOutcome } from "../../herd/core/link/sync.ts";
import type { HerdIncident } from "./events.ts";
import type { LineEvent } from "./line_events.ts";

/** What is kept of a herd's events as it is. */
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

/** What a client may ask for. */
export type Operation = "iamat" | "whatsat" | "send";

/** A client asks a server for something. */
export interface InvokeEvent {
  readonly kind: "invoke";
  /** The operation's number, from 1, in the order of asking. */
  readonly op: number;
  /** One logical connection of a client. */
  readonly process: string;
  readonly f: Operation;
  readonly server: string;
  readonly line: string;
  /** Of an open loop: when it was due, in milliseconds since the start. */
  readonly dueMs?: number;
  /** The client whose session it is part of, where a step names one. */
  readonly session?: string;
}

export interface EndEvent {
  /** It was done, was refused, or nobody knows. */
  readonly kind: "ok" | "fail" | "info";
  readonly op: number;
  /** The server's reply: an AT line, or `? …`. */
  readonly reply?: string;
  /** Why there is none, or why it is a refusal. */
  readonly why?: string;
}

/** One end of a link came up or went down. */
export interface LinkEvent {
  readonly kind: "link";
  /** The end that tells. */
  readonly server: string;
  readonly peer: string;
  readonly isUp: boolean;
  readonly why?: string;
}

/** Two neighbours have exchanged what they hold. */
export interface SyncedEvent extends Omit<SyncOutcome, "role"> {
  readonly kind: "synced";
  /** The end that tells. */
  readonly server: string;
  readonly peer: string;
  /** What the server's part in it was. */
  readonly role: string;
}

/**
 * An idle link was found to have other records at either end, and these are
 * exchanged: a fix was lost between them, and nothing but the check noticed.
 */
export interface SyncRepairEvent {
  readonly kind: "sync-repair";
  /** The end that tells. */
  readonly server: string;
  readonly peer: string;
  /** Records that this end held. */
  readonly ours: number;
  /** Records that the other end held. */
  readonly theirs: number;
}

/** What a fault that stands at the end of the drill has touched. */
export interface FaultTouchedEvent {
  readonly kind: "fault-touched";
  readonly id: string;
  /** Lines, bytes or connections that it has acted on so far. */
  readonly touched: number;
}

/** What waits at a server for one neighbour. */
export interface Waiting {
  readonly peer: string;
  /** Fixes. */
  readonly queued: number;
  /** How long the oldest of them has waited, in whole seconds. */
  readonly waitedS: number;
}

/** A server's queues were looked at, and it stood otherwise than known. */
export interface QueueEvent {
  readonly kind: "queue";
  readonly server: string;
  /** The most fixes that have waited for one neighbour since it was started. */
  readonly longest: number;
  /** By how many milliseconds its last keepalive was late. */
  readonly lagMs?: number;
  /** What waits, by neighbour; those for whom nothing does are left out. */
  readonly waiting?: readonly Waiting[];
}

/** The connection of an operation that found none. */
export const NOBODY = "nobody";

export interface LoadEvent {
  readonly kind: "load";
  /** How many operations its rate and its time ask for. */
  readonly asked: number;
  /** How many of them went out to a server. */
  readonly sent: number;
  /** How many were not begun: too late, or too many were under way. */
  readonly dropped: number;
}

/** The herd was stopped; the last event. */
export interface SocketsEvent {
  readonly kind: "sockets";
  /** What is left of its sockets, each in a line for people. */
  readonly leaked: readonly string[];
}

/** A step of the drill ended. */
export interface StepEvent {
  readonly kind: "step";
  /** Its number, from 1, in the order in which steps ended. */
  readonly step: number;
  readonly text: string;
  /** The phase that begins with it, if one does. */
  readonly phase?: string;
  /** Where it stands in its file. */
  readonly fileLine: number;
  /** Whether what it expects was there. */
  readonly ok: boolean;
  /** When it began, in milliseconds since the start. */
  readonly startedMs: number;
  /** Of a failure: what had to be. */
  readonly expected?: string;
  /** Of a failure: what was. */
  readonly actual?: string;
}

/** One thing that happened, without its time. */
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

/** One thing that happened, and when. */
export type HistoryEvent =
  & {
    /** Milliseconds since the drill's start, with fractions. */
    readonly atMs: number;
  }
  & HistoryFact;

/** A history: events in the order of their time. */
export type History = readonly HistoryEvent[];

/**
 * What a history keeps of what happens to a herd; `undefined` if nothing.
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
      const { server, peer, why } = event;
      return { kind: "link", server, peer, isUp: false, why };
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
      return undefined;
    default:
      return event;
  }
}

/** All kinds: the compiler knows if one is missing. */
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

/** Takes events as they come, from several threads, and orders them. */
export class HistoryBuilder {
  #events: HistoryEvent[] = [];
  #isSorted = true;

  get length(): number {
    return this.#events.length;
  }

  /** Writes an event down. Events of one time keep the order of the calls. */
  record(event: HistoryEvent): void {
    const last = this.#events.at(-1);
    if (last !== undefined && event.atMs < last.atMs) this.#isSorted = false;
    this.#events.push(event);
  }

  /** All events so far, in the order of their time. */
  events(): History {
    if (!this.#isSorted) {
      this.#events.sort((a, b) => a.atMs - b.atMs);
      this.#isSorted = true;
    }
    return [...this.#events];
  }
}

/** The repairs of idle links, in the order of time. */
export function repairsOf(
  history: History,
): (HistoryEvent & SyncRepairEvent)[] {
  return history.filter((event) => event.kind === "sync-repair");
}

/** A history as text: each event as JSON, on a line of its own. */
export function* historyLines(history: History): IterableIterator<string> {
  for (const event of history) yield JSON.stringify(event) + "\n";
}

/**
 * Reads a history from text.
 *
 * @throws {SyntaxError} If a line is no event; it names the line.
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
