/**
 * Writes the history of a drill: what the steps ask and do, what the herd
 * reports, and what its servers have recorded.
 *
 * @module
 */
import type { ServerEvent } from "../../../herd/core/server_event.ts";
import type { Client } from "../../../herd/net/client.ts";
import type { Clock } from "../../../herd/net/platform.ts";
import {
  factOf,
  type History,
  type HistoryEvent,
  type HistoryFact,
  type InvokeEvent,
  NOBODY,
} from "../../model/history.ts";
import { HistoryBuilder } from "../../model/history_builder.ts";
import type { HerdEvent } from "../../model/events.ts";

/** What servers record themselves: of a killed one the last is nowhere else. */
const TOLD_BY_SERVERS: ReadonlySet<string> = new Set<ServerEvent["kind"]>([
  "link-up",
  "link-down",
  "synced",
  "sync-repair",
]);

/** Something that a client asks a server for. */
export interface Request
  extends Pick<InvokeEvent, "f" | "server" | "line" | "dueMs" | "session"> {
  /** How long the reply may take; by default until the connection is lost. */
  readonly withinMs?: number;
}

/** The history of one drill, as it is written. */
export class Recorder {
  /** When the drill began, in milliseconds since the epoch. */
  readonly startMs: number;
  readonly clock: Clock;
  readonly #builder = new HistoryBuilder();
  readonly #names = new WeakMap<Client, string>();
  #operations = 0;
  #connections = 0;
  readonly #onFact: (fact: HistoryFact) => void;

  /**
   * Begins a history.
   * @param onFact Gets each fact as it is written down.
   */
  constructor(clock: Clock, onFact: (fact: HistoryFact) => void = () => {}) {
    this.clock = clock;
    this.startMs = clock.nowMs();
    this.#onFact = onFact;
  }

  /** Writes a fact down. What was before the drill's start, was at its start. */
  record(fact: HistoryFact, atMs: number = this.clock.nowMs()): void {
    this.#builder.record(this.#timed(fact, atMs));
    this.#onFact(fact);
  }

  /**
   * Writes down what the herd reports, as far as it is history.
   *
   * @param isRecorded Whether its servers record what they tell of themselves. Then
   * that is not written down, for of a killed one the last of it is nowhere else.
   */
  hear(event: HerdEvent, isRecorded = true): void {
    if (isRecorded && TOLD_BY_SERVERS.has(event.kind)) return;
    const fact = factOf(event);
    if (fact !== undefined) this.record(fact, event.atMs);
  }

  /** A request goes out; returns the operation's number. */
  invoke(
    { f, server, line, dueMs, session }: Request,
    client?: Client,
  ): number {
    const op = ++this.#operations;
    this.record({
      kind: "invoke",
      op,
      process: this.#process(server, client),
      f,
      server,
      line,
      ...dueMs !== undefined && { dueMs },
      ...session !== undefined && { session },
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

  end(op: number, kind: "fail" | "info", error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.record({ kind, op, why });
  }

  /** Each connection has a name of its own; what found none, that of nobody. */
  #process(server: string, client: Client | undefined): string {
    if (client === undefined) return NOBODY;
    return this.#names.getOrInsertComputed(
      client,
      () => `${server}#${++this.#connections}`,
    );
  }

  /** All of it so far, with what the servers have recorded. */
  history(trace: Iterable<HerdEvent>): History {
    const all = new HistoryBuilder();
    for (const event of this.#builder.events()) all.record(event);
    for (const event of trace) {
      const fact = factOf(event);
      if (fact === undefined) continue;
      all.record(
        fact === event
          ? this.#asRead(event, fact)
          : this.#timed(fact, event.atMs),
      );
    }
    return all.events();
  }

  /** What was read is nobody else's, and there is much of it. */
  #asRead(event: { atMs: number }, fact: HistoryFact): HistoryEvent {
    event.atMs = Math.max(0, event.atMs - this.startMs);
    return fact as HistoryEvent;
  }

  #timed(fact: HistoryFact, atMs: number): HistoryEvent {
    const at = { atMs: Math.max(0, atMs - this.startMs) };
    return { ...at, ...fact, ...at };
  }
}
