/**
 * What a link tells the node that it is of.
 *
 * @module
 */
import type { ByteString } from "../bytes/bytes.ts";
import type { FixSpan } from "../wire/fix.ts";
import type { AnswerMessage, QueryMessage } from "../wire/link_message.ts";
import type { Difference } from "./idle_check.ts";
import type { SyncOutcome } from "./sync.ts";
import type { Version } from "./version.ts";

/** What has come and gone on a link since the handshake, and what waits. */
export interface LinkCounts {
  /** Lines that came, of whatever kind. */
  readonly linesIn: number;
  /** Lines that were written, of whatever kind. */
  readonly linesOut: number;
  /** Fixes that wait to be sent. */
  readonly queued: number;
  /** Whole seconds that the one of them has waited, at least, who waits longest. */
  readonly waitedS: number;
}

/** What a link tells the node. */
export interface LinkHooks {
  /** The neighbour has sent a fix. */
  at(fix: FixSpan): void;
  /** The neighbour announces a version. */
  announced(version: Version): void;
  /** The neighbour asks for a client's fix, and for what comes that way. */
  grafted(client: ByteString): void;
  /** The neighbour is not to be sent what a server hears. */
  pruned(server: ByteString): void;
  /** The neighbour passes a query on. */
  query(query: QueryMessage): void;
  /** The neighbour answers a query. */
  answer(answer: AnswerMessage): void;
  /**
   * The neighbour wants to know when all updates that it has sent are held: that
   * is to be said by this line.
   */
  marked(answer: ByteString): void;
  /** The neighbour holds all that {@linkcode Link.want} was called for with this. */
  held(ticket: number): void;
  /** The neighbour may have missed updates. */
  missed(): void;
  /**
   * A message was written that is neither an update nor a heartbeat: its first word,
   * its lines, and which line of the link the first of them is.
   */
  wrote(command: ByteString, lines: number, number: number): void;
  /** A sync has come to its end. */
  synced(outcome: SyncOutcome): void;
  /** Both should hold the same and do not; a sync begins. */
  differs(difference: Difference): void;
  /** A fix was written, as this line of the link; the span is good for this call only. */
  sent?: OnSent | undefined;
  /** So many fixes had waited to be sent, and so many of all were written. */
  pulled(queued: number, fixes: number): void;
  /** The link has gone down. */
  down(): void;
}

/** Hears of a fix that was written, and as which line of the link. */
export type OnSent = (fix: FixSpan, number: number) => void;
