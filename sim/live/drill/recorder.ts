/**
 * Writes the history of a drill: what the steps ask and do, what the herd
 * reports, and what its servers have recorded.
 *
 * @module
 */
import type { Client } from "../../../herd/net/client.ts";
import { nowMs } from "../../../herd/net/clock.ts";
import {
  type History,
  HistoryBuilder,
  type HistoryFact,
  type InvokeEvent,
  NOBODY,
} from "../../model/history.ts";
import type { ServerEvent } from "../../../herd/net/account.ts";
import type { TraceRecord } from "../../model/trace.ts";
import type { HerdEvent } from "../events.ts";

/** Something that a client asks a server for. */
export interface Request
  extends Pick<InvokeEvent, "f" | "server" | "line" | "dueMs"> {
  /** How long the reply may take; by default until the connection is lost. */
  readonly withinMs?: number;
}

/** The history of one drill, as it is written. */
export class Recorder {
  /** When the drill began, in milliseconds since the epoch. */
  readonly startMs: number = nowMs();
  readonly #builder = new HistoryBuilder();
  readonly #names = new WeakMap<Client, string>();
  #operations = 0;
  #connections = 0;
  readonly #onFact: (fact: HistoryFact) => void;

  /**
   * Begins a history.
   * @param onFact Gets each fact as it is written down.
   */
  constructor(onFact: (fact: HistoryFact) => void = () => {}) {
    this.#onFact = onFact;
  }

  /** Writes a fact down. What was before the drill's start, was at its start. */
  record(fact: HistoryFact, atMs: number = nowMs()): void {
    this.#builder.record({ atMs: Math.max(0, atMs - this.startMs), ...fact });
    this.#onFact(fact);
  }

  /**
   * Writes down what the herd reports, as far as it is history, and not what
   * its servers tell of themselves: they record that, and of a killed one the
   * last of it is nowhere else.
   */
  hear(event: HerdEvent): void {
    const fact = factOf(event);
    if (fact !== undefined) this.record(fact, event.atMs);
  }

  /** A request goes out; returns the operation's number. */
  invoke({ f, server, line, dueMs }: Request, client?: Client): number {
    const op = ++this.#operations;
    this.record({
      kind: "invoke",
      op,
      process: this.#process(server, client),
      f,
      server,
      line,
      ...dueMs !== undefined && { dueMs },
    });
    return op;
  }

  /** A reply has come. Of many lines the first is written down. */
  reply(op: number, text: string): void {
    const [reply = ""] = text.split("\n");
    this.record({
      kind: reply.startsWith("? ") ? "fail" : "ok",
      op,
      ...reply !== "" && { reply },
    });
  }

  /** An operation ended without a reply. */
  end(op: number, kind: "fail" | "info", error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.record({ kind, op, why });
  }

  /** Each connection has a name of its own; what found none, that of nobody. */
  #process(server: string, client: Client | undefined): string {
    if (client === undefined) return NOBODY;
    const known = this.#names.get(client);
    if (known !== undefined) return known;
    const name = `${server}#${++this.#connections}`;
    this.#names.set(client, name);
    return name;
  }

  /** All of it so far, with what the servers have recorded. */
  history(trace: Iterable<TraceRecord>): History {
    const all = new HistoryBuilder();
    for (const event of this.#builder.events()) all.record(event);
    for (const record of trace) {
      const atMs = Math.max(0, record.atMs - this.startMs);
      const fact = recordedOf(record);
      if (fact !== undefined) all.record({ atMs, ...fact });
    }
    return all.events();
  }
}

function recordedOf(record: TraceRecord): HistoryFact | undefined {
  switch (record.kind) {
    case "event":
      return toldBy(record.server, record.event as ServerEvent);
    case "delivery": {
      const { kind, server, peer, line, isNew, place } = record;
      return { kind, server, from: peer, line, isNew, ...place };
    }
    case "sent": {
      const { kind, server, peer, line, place } = record;
      return { kind, server, to: peer ?? "", line, ...place };
    }
    case "control": {
      const { kind, server, peer, command, lines, place } = record;
      return { kind, server, to: peer, command, lines, ...place };
    }
    case "connection": {
      const { kind, server, peer, connection, isOpen } = record;
      return { kind, server, peer, connection, isOpen };
    }
    case "altered": {
      const { atMs: _, ...altered } = record;
      return altered;
    }
  }
}

function toldBy(server: string, event: ServerEvent): HistoryFact | undefined {
  switch (event.kind) {
    case "link-up":
      return { kind: "link", server, peer: event.peer, isUp: true };
    case "link-down": {
      const { peer, why } = event;
      return { kind: "link", server, peer, isUp: false, why };
    }
    case "synced": {
      const { kind, peer, role, listed, sent, wanted } = event;
      return { kind, server, peer, role, listed, sent, wanted };
    }
    case "sync-repair": {
      const { kind, peer, ours, theirs } = event;
      return { kind, server, peer, ours: ours.count, theirs: theirs.count };
    }
    case "link-refused":
    case "dial-failed":
    case "line-unfinished":
    case "time-ahead":
      return undefined;
  }
}

function factOf(event: HerdEvent): HistoryFact | undefined {
  switch (event.kind) {
    case "state": {
      const { kind, server, state, why } = event;
      return { kind, server, state, ...why !== undefined && { why } };
    }
    case "restart-limit": {
      const { kind, server, restarts, periodMs } = event;
      return { kind, server, restarts, periodMs };
    }
    case "restart": {
      const { kind, server, restarts, backoffMs } = event;
      return { kind, server, restarts, backoffMs };
    }
    case "fault-begin": {
      const { kind, id, name, fault, targets, settings } = event;
      const named = { kind, id, ...name !== id && { name } };
      return { ...named, fault, targets, settings };
    }
    case "fault-part-end": {
      const { kind, id, left } = event;
      return { kind, id, left };
    }
    case "fault-end": {
      const { kind, id, touched } = event;
      return { kind, id, touched };
    }
    default:
      return undefined;
  }
}
