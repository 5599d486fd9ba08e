/**
 * What clients were answered that ask different servers in turn: whether they
 * found what they had sent or read before, and how old answers were.
 *
 * No mode of dissemination promises any of this, because servers agree
 * eventually and not at once. So these are figures, which a drill may bound.
 *
 * @module
 */
import { partsOf } from "../history_parts.ts";
import { type Answered, AnswerReader, Newest } from "./answers.ts";
import {
  type Evidence,
  type Fixes,
  iamatFields,
  type OperationRecord,
  operationsOf,
} from "./evidence.ts";
import { type Latency, latencyOf } from "./latency.ts";
import { SESSION_GUARANTEES } from "./metric_names.ts";

/** Whether an answer is consistent with what its session knew when it asked. */
export type Kept = "kept" | "violated" | "unclear";

/** An answered question of a session. */
export interface SessionRead {
  readonly dueMs: number;
  /** Compared with what it had read of the client; `undefined`: nothing yet. */
  readonly monotonic?: Kept;
  /** Compared with what it had sent of the client; `undefined`: nothing yet. */
  readonly ownWrites?: Kept;
  /**
   * Milliseconds from the first acknowledgement of a fix newer than the answer
   * to the question; 0: there was none. `undefined`: nothing had been
   * acknowledged, or the answer is unclear.
   */
  readonly staleMs?: number;
}

/** What a session knew when it asked. */
interface Asked {
  readonly operation: OperationRecord;
  readonly key: string;
  readonly read: Answered | undefined;
  readonly written: Answered | undefined;
  /** The client's acknowledged fixes, and the newest of them. */
  readonly newest: Newest | undefined;
  readonly last: Answered | undefined;
}

/** All answered questions of sessions, in the order of the answers. */
export function sessionReads(
  { history }: Pick<Evidence, "history">,
  fixes: Fixes,
  operations: readonly OperationRecord[] = operationsOf(history),
): SessionRead[] {
  const isAsking = ({ f, session }: OperationRecord) =>
    f === "whatsat" && session !== undefined;
  if (!operations.some(isAsking)) return [];
  const sessions = new Sessions(operations, fixes);
  const found: SessionRead[] = [];
  for (const event of partsOf(history).others) {
    if (!("op" in event)) continue;
    if (event.kind === "invoke") sessions.asked(event.op);
    else if (event.reply !== undefined) {
      const read = sessions.answered(event.op, event.reply, event.atMs);
      if (read !== undefined) found.push(read);
    }
  }
  return found;
}

class Sessions {
  readonly #fixes: Fixes;
  readonly #reader: AnswerReader;
  readonly #operations: ReadonlyMap<number, OperationRecord>;
  /** Acknowledged fixes by client. */
  readonly #newest = new Map<string, Newest>();
  /** The newest fixes that each session has written, and read. */
  readonly #written = new Map<string, Answered>();
  readonly #read = new Map<string, Answered>();
  readonly #asked = new Map<number, Asked>();

  constructor(operations: readonly OperationRecord[], fixes: Fixes) {
    this.#fixes = fixes;
    this.#reader = new AnswerReader(operations, fixes);
    this.#operations = new Map(operations.map((it) => [it.op, it]));
  }

  asked(op: number): void {
    const operation = this.#operations.get(op)!;
    const { f, session, line } = operation;
    if (f !== "whatsat" || session === undefined) return;
    const client = line.split(" ")[1] ?? "";
    const key = keyOf(session, client);
    const newest = this.#newest.get(client);
    this.#asked.set(op, {
      operation,
      key,
      read: this.#read.get(key),
      written: this.#written.get(key),
      newest,
      last: newest?.last,
    });
  }

  answered(op: number, reply: string, atMs: number): SessionRead | undefined {
    const asked = this.#asked.get(op);
    if (asked === undefined) {
      this.#told(this.#operations.get(op)!, reply, atMs);
      return undefined;
    }
    const { key, read, written, newest, last, operation } = asked;
    const { dueMs, invokedMs } = operation;
    const answer = this.#reader.read(reply);
    if (typeof answer !== "string") this.#raise(this.#read, key, answer);
    const judged = (known: Answered): Kept => {
      const isBehind = this.#reader.isBehind(answer, known);
      if (isBehind === undefined) return "unclear";
      return isBehind ? "violated" : "kept";
    };
    const isBehind = last && this.#reader.isBehind(answer, last);
    const passedMs = isBehind && newest?.passedMs(answer, this.#reader);
    return {
      dueMs,
      ...read && { monotonic: judged(read) },
      ...written && { ownWrites: judged(written) },
      ...isBehind !== undefined && {
        staleMs: isBehind ? invokedMs - Number(passedMs) : 0,
      },
    };
  }

  #told(operation: OperationRecord, reply: string, atMs: number): void {
    const told = iamatFields(operation);
    if (told === undefined || this.#fixes.of(reply) === undefined) return;
    const { client } = told;
    this.#reader.acknowledged(reply);
    this.#newest.getOrInsertComputed(client, () => new Newest())
      .acknowledged(reply, atMs, this.#fixes);
    const { session = client } = operation;
    for (const its of new Set([session, client])) {
      this.#raise(this.#written, keyOf(its, client), { line: reply });
    }
  }

  /** A session has learned of a fix, unless it knows a newer one. */
  #raise(known: Map<string, Answered>, key: string, fix: Answered): void {
    const before = known.get(key);
    if (before !== undefined && !this.#fixes.isNewer(fix.line, before.line)) {
      return;
    }
    known.set(key, fix);
  }
}

function keyOf(session: string, client: string): string {
  return `${session} ${client}`;
}

/** Metrics of sessions' questions, other than staleness. */
export function* sessionMetrics(
  reads: readonly SessionRead[],
): Iterable<[string, number | undefined]> {
  yield ["sessions.answers", reads.length];
  const [monotonicReads, readYourWrites] = SESSION_GUARANTEES;
  yield* guarantee(monotonicReads, reads.map((read) => read.monotonic));
  yield* guarantee(readYourWrites, reads.map((read) => read.ownWrites));
}

/**
 * The number of violations is unknown if none was seen, and not all could be
 * judged.
 */
function* guarantee(
  name: string,
  all: readonly (Kept | undefined)[],
): Iterable<[string, number | undefined]> {
  const count = (kept: Kept) => all.filter((it) => it === kept).length;
  const [unknown, violations] = [count("unclear"), count("violated")];
  const judged = count("kept") + violations;
  const isKnown = violations > 0 || judged > 0 && unknown === 0;
  yield [`${name}.violations`, isKnown ? violations : undefined];
  yield [`${name}.judged`, judged];
  yield [`${name}.unknown`, unknown];
}

/** Staleness of answers; those that were current count as 0. */
export function stalenessOf(
  reads: readonly SessionRead[],
): Latency | undefined {
  return latencyOf(
    reads.flatMap(({ staleMs }) => staleMs === undefined ? [] : [staleMs]),
    0,
  );
}
