/**
 * What a link tells its node.
 *
 * @module
 */
import type { ByteString } from "../bytes/bytes.ts";
import type { FixSpan } from "../wire/fix.ts";
import type { AnswerMessage, QueryMessage } from "../wire/link_message.ts";
import type { Difference } from "./idle_check.ts";
import type { SyncOutcome } from "./sync.ts";
import type { Version } from "./version.ts";

/** Lines received and sent on a link since the handshake, and what waits. */
export interface LinkCounts {
  /** Lines received, of any kind. */
  readonly linesIn: number;
  /** Lines written, of any kind. */
  readonly linesOut: number;
  /** Fixes waiting to be sent. */
  readonly queued: number;
  /** Whole seconds that the longest-waiting fix has waited, at least. */
  readonly waitedS: number;
}

export interface LinkWatcher {
  /** The neighbour has sent a fix. */
  at(fix: FixSpan): void;
  announced(version: Version): void;
  /**
   * The neighbour asks for a client's fix, and for further updates of that
   * tree.
   */
  grafted(client: ByteString): void;
  /** The neighbour asks not to be pushed updates of a server. */
  pruned(server: ByteString): void;
  /** The neighbour forwards a query. */
  query(query: QueryMessage): void;
  answer(answer: AnswerMessage): void;
  /**
   * The neighbour asks for this line once all updates that it has sent are
   * held.
   */
  marked(answer: ByteString): void;
  /**
   * The neighbour holds everything that {@linkcode Link.want} was called for
   * with this ticket.
   */
  held(ticket: number): void;
  /** The neighbour may have missed updates. */
  missed(): void;
  /**
   * A message other than an update or a heartbeat was written: its first word,
   * its number of lines, and the number of its first line on the link.
   */
  wrote(command: ByteString, lines: number, number: number): void;
  /** A sync has ended. */
  synced(outcome: SyncOutcome): void;
  /** The two ends should hold the same and do not; a sync begins. */
  differs(difference: Difference): void;
  /** A fix was written; the span is valid for this call only. */
  sent?: OnSent | undefined;
  /**
   * After a pull: how many fixes had been queued, and how many were written.
   */
  pulled(queued: number, fixes: number): void;
  down(): void;
}

/**
 * Called with a fix that was written, and the number of its line on the link.
 */
export type OnSent = (fix: FixSpan, number: number) => void;
