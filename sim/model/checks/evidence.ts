/**
 * The input of checks: the history of a drill and what its servers held at the
 * end, indexed so that each check need not do so again.
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
import type {
  EndEvent,
  History,
  HistoryEvent,
  InvokeEvent,
} from "../history.ts";
import { partsOf } from "../history_parts.ts";
import type { Sight } from "../sight.ts";
import type { Topology } from "../topology/topology.ts";

/** What could be observed of servers. */
export interface Seen {
  /** Name of the world that ran them. */
  readonly world: string;
  /** What could be observed there. */
  readonly sees: ReadonlySet<Sight>;
  /** Kinds of faults that are impossible there, and why. */
  readonly cannot?: ReadonlyMap<string, string>;
  /** Faults that were left out for it, by their IDs, and why. */
  readonly leftOut?: ReadonlyMap<string, string>;
  /** Whether servers order two fixes of equal times. */
  readonly ordersTies?: boolean;
}

/** All that is known of a finished drill. */
export interface Evidence {
  readonly topology: Pick<Topology, "servers" | "links">;
  /** How updates get from server to server; `flood` by default. */
  readonly mode?: DisseminationMode;
  /** What survives servers; nothing by default. */
  readonly keeping?: Keeping;
  /** What could be observed; everything by default. */
  readonly seen?: Seen;
  readonly history: History;
  /** The AT lines that each server answered with at the end, if it was up. */
  readonly records: ReadonlyMap<string, readonly string[]>;
}

/** An operation, from its beginning to its end. */
export interface OperationRecord
  extends Pick<InvokeEvent, "op" | "f" | "server" | "line" | "session"> {
  readonly connection: string;
  readonly invokedMs: number;
  /** When it was due. */
  readonly dueMs: number;
  /** How it ended; without an end it is unknown. */
  readonly end?: Pick<EndEvent, "kind" | "reply"> & { readonly atMs: number };
}

/** The operations of a history, in order of their requests. */
export function operationsOf(history: History): OperationRecord[] {
  const operations = new Map<number, OperationRecord>();
  for (const event of partsOf(history).others) {
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
  /** The server that received it from the client. */
  readonly server: string;
  readonly client: string;
  readonly position: string;
  /** The client's time, in its own digits. */
  readonly time: string;
}

/** A line that may be an AT line, parsed as far as it is needed. */
export class KnownLine {
  readonly text: string;
  /** Its fields; `undefined` if it is not an AT line. */
  readonly fields: AtFields | undefined;
  /** What it tells, see {@linkcode valueKey}; `undefined` if it tells nothing. */
  readonly key: string | undefined;
  #fix: FixSpan | undefined;
  #isRead = false;

  constructor(text: string) {
    this.text = text;
    this.fields = atFields(text);
    this.key = this.fields && valueKey(this.fields);
  }

  /** Its fix; `undefined` if it is not an AT line. */
  get fix(): FixSpan | undefined {
    if (!this.#isRead) {
      this.#isRead = true;
      this.#fix = parseAtLine(utf8(this.text));
    }
    return this.#fix;
  }
}

/**
 * Parses AT lines, each once: a fix is delivered many times. It orders them as
 * servers do; if their order of equal times is unknown, neither is newer.
 */
export class Fixes {
  readonly #ordersTies: boolean;
  readonly #lines = new Map<string, KnownLine>();
  readonly #known = new WeakMap<readonly string[], readonly KnownLine[]>();

  constructor({ seen }: Pick<Evidence, "seen"> = {}) {
    this.#ordersTies = seen?.ordersTies ?? true;
  }

  /** A line, the same object each time. */
  line(text: string): KnownLine {
    return this.#lines.getOrInsertComputed(text, () => new KnownLine(text));
  }

  /** Some lines; those of a history are asked for by each check. */
  lines(texts: readonly string[]): readonly KnownLine[] {
    return this.#known.getOrInsertComputed(
      texts,
      () => texts.map((text) => this.line(text)),
    );
  }

  /** A line's fields; `undefined` if it is not an AT line. */
  fields(text: string): AtFields | undefined {
    return this.line(text).fields;
  }

  /** A line's fix; `undefined` if it is not an AT line. */
  of(text: string): FixSpan | undefined {
    return this.line(text).fix;
  }

  /**
   * Whether one line is newer than another; `false` if either is not an AT
   * line.
   */
  isNewer(text: string, held: string): boolean {
    return this.isNewerLine(this.line(text), this.line(held));
  }

  /** The same of lines that are known. */
  isNewerLine(line: KnownLine, held: KnownLine): boolean {
    if (line === held) return false;
    const [fix, other] = [line.fix, held.fix];
    if (fix === undefined || other === undefined) return false;
    return this.#ordersTies ? isNewer(fix, other) : isLater(fix, other);
  }

  /** Whether two lines differ, and servers may take either as the newer one. */
  isTie(line: KnownLine, other: KnownLine): boolean {
    return !this.#ordersTies && line !== other && isAsOld(line, other);
  }
}

/** Whether two lines are AT lines of the same time. */
export function isAsOld(
  { fix }: KnownLine,
  { fix: other }: KnownLine,
): boolean {
  return fix !== undefined && other !== undefined &&
    compareTimes(fix, other) === 0;
}

/** The fields of an AT line; `undefined` if it is invalid. */
export function atFields(line: string): AtFields | undefined {
  const [at, server, difference, client, position, time, ...more] = line
    .split(" ");
  if (at !== "AT" || time === undefined || more.length > 0) return undefined;
  return difference === undefined
    ? undefined
    : { server: server!, client: client!, position: position!, time };
}

/**
 * A key for what a client sent to which server. Repetitions have the same key.
 */
export function valueKey({ server, client, position, time }: AtFields): string {
  return `${server} ${client} ${position} ${time}`;
}

/** Nearly all IAMAT lines. */
const PLAIN_IAMAT = /^IAMAT ([!-~]+) ([!-~]+) ([!-~]+)$/;

/** What an IAMAT line tells a server; `undefined` if it is invalid. */
export function iamatFields(
  { server, line }: Pick<OperationRecord, "server" | "line">,
): AtFields | undefined {
  const plain = PLAIN_IAMAT.exec(line);
  if (plain !== null) {
    const [, client, position, time] = plain;
    return { server, client: client!, position: position!, time: time! };
  }
  const [command, client, position, time, ...more] = line.trim()
    .split(/[ \t\r\f\v]+/);
  if (command !== "IAMAT" || time === undefined || more.length > 0) {
    return undefined;
  }
  return { server, client: client!, position: position!, time };
}

/** Whether an operation is a fix of a client, sent by whatever step. */
export function isFix({ f, line }: Pick<OperationRecord, "f" | "line">) {
  return f === "iamat" ||
    f === "send" && iamatFields({ server: "", line }) !== undefined;
}

/**
 * Counts the lives of servers while a history is read: each start begins a new
 * one.
 */
export class Lives {
  readonly #lives = new Map<string, number>();

  /** Processes an event; returns whether it began a server's life. */
  read(event: HistoryEvent): event is HistoryEvent & { server: string } {
    if (event.kind !== "state" || event.state !== "starting") return false;
    this.#lives.set(event.server, this.of(event.server) + 1);
    return true;
  }

  /** The number of a server's current life. */
  of(server: string): number {
    return this.#lives.get(server) ?? 0;
  }
}
