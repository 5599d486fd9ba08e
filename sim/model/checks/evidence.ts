/**
 * What checks look at: the history of a drill and what its servers held at the
 * end, sorted so that each check need not do it again.
 *
 * @module
 */
import { utf8 } from "../../../herd/core/bytes/bytes.ts";
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import {
  compareTimes,
  type FixSpan,
  isLater,
  isNewer,
} from "../../../herd/core/wire/fix.ts";
import { parseAtLine } from "../../../herd/core/wire/message.ts";
import type { Keeping } from "../durability.ts";
import type { History, HistoryEvent, Operation } from "../history.ts";
import type { Sight } from "../sight.ts";
import type { Topology } from "../topology/topology.ts";

/** What could be seen of servers. */
export interface Seen {
  /** What they are called: of which world they were. */
  readonly world: string;
  /** What could be seen of them there. */
  readonly sees: ReadonlySet<Sight>;
  /** Kinds of faults that can't be brought about there, and why. */
  readonly cannot?: ReadonlyMap<string, string>;
  /** Whether servers take one of two fixes of equal times to be the newer. */
  readonly ordersTies?: boolean;
}

/** All that is known of a drill that has ended. */
export interface Evidence {
  readonly topology: Pick<Topology, "servers" | "links">;
  /** How updates get from server to server; `flood` by default. */
  readonly mode?: DisseminationMode;
  /** What outlasts servers; nothing by default. */
  readonly keeping?: Keeping;
  /** What could be seen; all by default. */
  readonly seen?: Seen;
  /** What happened. */
  readonly history: History;
  /** The AT lines by which each server answered at the end, of those that were up. */
  readonly records: ReadonlyMap<string, readonly string[]>;
}

/** An operation, from its beginning to its end. */
export interface OperationRecord {
  readonly op: number;
  readonly connection: string;
  readonly f: Operation;
  readonly server: string;
  readonly line: string;
  readonly invokedMs: number;
  /** When it was to be sent. */
  readonly dueMs: number;
  /** The client whose session it is part of, where a step names one. */
  readonly session?: string;
  /** How it ended; an operation without an end is unknown. */
  readonly end?: {
    /** As in the history. */
    readonly kind: "ok" | "fail" | "info";
    readonly atMs: number;
    readonly reply?: string;
  };
}

/**
 * Whether an event tells of a fix on its way. Nearly all do; what looks for
 * others passes over them first.
 */
export function isTraffic(
  event: HistoryEvent,
): event is HistoryEvent & { kind: "delivery" | "sent" } {
  return event.kind === "delivery" || event.kind === "sent";
}

/** The operations of a history, in the order of asking. */
export function operationsOf(history: History): OperationRecord[] {
  const operations = new Map<number, OperationRecord>();
  for (const event of history) {
    if (isTraffic(event)) continue;
    if (event.kind === "invoke") {
      const { op, f, server, line, atMs, dueMs = atMs, session } = event;
      const invoked = { op, f, server, line, invokedMs: atMs, dueMs };
      operations.set(op, {
        ...invoked,
        connection: event.process,
        ...session !== undefined && { session },
      });
    } else if ("op" in event) {
      const { op, kind, atMs, reply } = event;
      const begun = operations.get(op);
      const end = { kind, atMs, ...reply !== undefined && { reply } };
      if (begun !== undefined) operations.set(op, { ...begun, end });
    }
  }
  return [...operations.values()];
}

export interface AtFields {
  /** The server that heard the client. */
  readonly server: string;
  readonly client: string;
  readonly position: string;
  /** When, in its own digits. */
  readonly time: string;
}

/**
 * Reads AT lines, each once: a fix is delivered many times. Which is newer it says
 * as servers do: where it isn't known how they order equal times, none is then.
 */
export class Fixes {
  readonly #ordersTies: boolean;
  readonly #fixes = new Map<string, FixSpan | undefined>();
  readonly #fields = new Map<string, AtFields | undefined>();

  constructor({ seen }: Pick<Evidence, "seen"> = {}) {
    this.#ordersTies = seen?.ordersTies ?? true;
  }

  /** A line's fields; `undefined` if it is no AT line. */
  fields(line: string): AtFields | undefined {
    const known = this.#fields.get(line);
    if (known !== undefined || this.#fields.has(line)) return known;
    const fields = atFields(line);
    this.#fields.set(line, fields);
    return fields;
  }

  /** A line's fix; `undefined` if it is no AT line. */
  of(line: string): FixSpan | undefined {
    const known = this.#fixes.get(line);
    if (known !== undefined || this.#fixes.has(line)) return known;
    const fix = parseAtLine(utf8(line));
    this.#fixes.set(line, fix);
    return fix;
  }

  /** Whether one line is newer than another; not if either is no AT line. */
  isNewer(line: string, held: string): boolean {
    const [fix, other] = [this.of(line), this.of(held)];
    if (fix === undefined || other === undefined) return false;
    return this.#ordersTies ? isNewer(fix, other) : isLater(fix, other);
  }

  /** Whether two lines differ, and servers may take either for the newer. */
  isTie(line: string, other: string): boolean {
    if (this.#ordersTies || line === other) return false;
    const [fix, its] = [this.of(line), this.of(other)];
    return fix !== undefined && its !== undefined &&
      compareTimes(fix, its) === 0;
  }
}

/** The fields of an AT line; `undefined` if it is none. */
export function atFields(line: string): AtFields | undefined {
  const [at, server, difference, client, position, time, ...more] = line
    .split(" ");
  if (at !== "AT" || time === undefined || more.length > 0) return undefined;
  return difference === undefined
    ? undefined
    : { server: server!, client: client!, position: position!, time };
}

/** What a client told, and whom. Two tellings of the same have the same key. */
export function valueKey({ server, client, position, time }: AtFields): string {
  return `${server} ${client} ${position} ${time}`;
}

/** What an IAMAT line tells a server; `undefined` if it is none. */
export function iamatFields(
  { server, line }: Pick<OperationRecord, "server" | "line">,
): AtFields | undefined {
  const [command, client, position, time, ...more] = line.trim()
    .split(/[ \t\r\f\v]+/);
  if (command !== "IAMAT" || time === undefined || more.length > 0) {
    return undefined;
  }
  return { server, client: client!, position: position!, time };
}

/**
 * Counts the lives of servers while a history is read: one that is started
 * again begins anew.
 */
export class Lives {
  readonly #lives = new Map<string, number>();

  /** Takes note of an event; whether it began a server's life. */
  read(event: HistoryEvent): event is HistoryEvent & { server: string } {
    if (event.kind !== "state" || event.state !== "starting") return false;
    this.#lives.set(event.server, this.of(event.server) + 1);
    return true;
  }

  /** The number of a server's life. */
  of(server: string): number {
    return this.#lives.get(server) ?? 0;
  }
}
