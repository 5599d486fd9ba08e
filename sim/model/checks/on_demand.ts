/**
 * What must hold of answers if fixes stay on the server that received them: a
 * query that all links answer misses nothing.
 *
 * @module
 */
import type { HistoryEvent } from "../history.ts";
import { partsOf } from "../history_parts.ts";
import { corrupt } from "../steps/corrupt.ts";
import {
  type Evidence,
  type Fixes,
  iamatFields,
  type OperationRecord,
} from "./evidence.ts";
import type { Violation } from "./violation.ts";

/**
 * More than the clocks of threads may differ by: events of links and answers
 * this close to a question may have been before or after it.
 */
const MARGIN_MS = 5;

/** A fix that a server has acknowledged in its current life. */
interface Held {
  readonly line: string;
  /** When it was acknowledged. */
  readonly sinceMs: number;
}

/** A question under way, and what was acknowledged before it, by server. */
interface Question {
  readonly operation: OperationRecord;
  readonly client: string;
  readonly held: ReadonlyMap<string, Held>;
}

/**
 * A WHATSAT that all links answered returns the newest fix that had been
 * acknowledged, or a newer one, of all that servers held that were up and
 * reachable all the time.
 */
export function nothingMissed(
  evidence: Evidence,
  operations: readonly OperationRecord[],
  fixes: Fixes,
): Violation[] {
  if (evidence.mode !== "ondemand") return [];
  const questions = new Questions(operations, fixes);
  for (const event of partsOf(evidence.history).others) {
    // After corruption a line may say anything.
    if (event.kind === "fault-begin" && event.fault === corrupt.kind) break;
    questions.read(event);
  }
  questions.end();
  return questions.found;
}

class Questions {
  readonly found: Violation[] = [];
  readonly #fixes: Fixes;
  readonly #operations: ReadonlyMap<number, OperationRecord>;
  /** By client and server, the newest fix acknowledged in the server's life. */
  readonly #held = new Map<string, Map<string, Held>>();
  /** When each server last ended or was started, and which are down. */
  readonly #endedMs = new Map<string, number>();
  readonly #down = new Set<string>();
  /**
   * By server and neighbour: whether this end of the link is up, and since
   * when.
   */
  readonly #ends = new Map<
    string,
    Map<string, { isUp: boolean; sinceMs: number }>
  >();
  /** By server and client, when a query was answered only partially. */
  readonly #partialMs = new Map<string, number>();
  readonly #asked = new Map<number, Question>();
  /** Answers to be judged once all events near their time are known. */
  readonly #answered: (Question & { reply: string; atMs: number })[] = [];

  constructor(operations: readonly OperationRecord[], fixes: Fixes) {
    this.#fixes = fixes;
    this.#operations = new Map(operations.map((it) => [it.op, it]));
  }

  read(event: HistoryEvent): void {
    this.#judgeUntil(event.atMs - MARGIN_MS);
    const { atMs } = event;
    switch (event.kind) {
      case "state":
        return this.#state(event.server, event.state, atMs);
      case "link": {
        const { server, peer, isUp } = event;
        this.#ends.getOrInsertComputed(server, () => new Map())
          .set(peer, { isUp, sinceMs: atMs });
        return;
      }
      case "unanswered":
        this.#partialMs.set(`${event.server} ${event.client}`, atMs);
        return;
      case "invoke":
        return this.#ask(this.#operations.get(event.op)!);
      case "ok":
      case "fail":
        if (event.reply !== undefined) this.#end(event.op, event.reply, atMs);
    }
  }

  /** Judges the remaining answers. */
  end(): void {
    this.#judgeUntil(Infinity);
  }

  #state(server: string, state: string, atMs: number): void {
    if (state === "up" || state === "paused") {
      this.#down.delete(server);
      return;
    }
    this.#down.add(server);
    this.#endedMs.set(server, atMs);
    // A killed server does not report that its links are down.
    this.#ends.delete(server);
    for (const held of this.#held.values()) held.delete(server);
  }

  #ask(operation: OperationRecord): void {
    if (operation.f !== "whatsat") return;
    const client = operation.line.trim().split(/\s+/)[1] ?? "";
    const held = new Map(this.#held.get(client));
    if (held.size > 0) {
      this.#asked.set(operation.op, { operation, client, held });
    }
  }

  #end(op: number, reply: string, atMs: number): void {
    const question = this.#asked.get(op);
    if (question !== undefined) {
      this.#answered.push({ ...question, reply, atMs });
      return;
    }
    const operation = this.#operations.get(op)!;
    const told = iamatFields(operation);
    if (told === undefined || this.#fixes.of(reply) === undefined) return;
    const { server, invokedMs } = operation;
    const held = this.#held
      .getOrInsertComputed(told.client, () => new Map());
    const before = held.get(server);
    if (before !== undefined && !this.#fixes.isNewer(reply, before.line)) {
      return;
    }
    held.set(server, { line: reply, sinceMs: invokedMs });
  }

  #judgeUntil(ms: number): void {
    while (this.#answered.length > 0 && this.#answered[0]!.atMs < ms) {
      this.#judge(this.#answered.shift()!);
    }
  }

  #judge(
    { operation, client, held, reply, atMs }:
      & Question
      & { readonly reply: string; readonly atMs: number },
  ): void {
    const { server, invokedMs } = operation;
    const isMissing = (line: string) =>
      reply.startsWith("?") || this.#fixes.isNewer(line, reply);
    const missing = [...held].filter(([, { line }]) => isMissing(line));
    if (missing.length === 0) return;
    const askedMs = invokedMs - MARGIN_MS;
    const partialMs = this.#partialMs.get(`${server} ${client}`) ?? -Infinity;
    if (partialMs >= askedMs) return;
    const reached = this.#reached(server, askedMs);
    for (const [holder, { line, sinceMs }] of missing) {
      const endedMs = this.#endedMs.get(holder) ?? -Infinity;
      const isHeld = !this.#down.has(holder) && endedMs < sinceMs;
      if (!isHeld || !reached.has(holder)) continue;
      const check = "nothing missed on demand";
      const text =
        `${server} answered ${reply}, and ${holder} had acknowledged ${line}`;
      this.found.push({ check, atMs, text });
    }
  }

  /** The servers that were up and reachable through links since some time. */
  #reached(server: string, sinceMs: number): Set<string> {
    const reached = new Set([server]);
    // The loop also visits what is added meanwhile.
    for (const from of reached) {
      for (const [to] of this.#ends.get(from) ?? []) {
        const isUp = this.#isUp(from, to, sinceMs) &&
          this.#isUp(to, from, sinceMs);
        if (isUp) reached.add(to);
      }
    }
    return reached;
  }

  #isUp(from: string, to: string, sinceMs: number): boolean {
    const end = this.#ends.get(from)?.get(to);
    return end !== undefined && end.isUp && end.sinceMs < sinceMs;
  }
}
