/**
 * What can be known of a server while it runs.
 *
 * @module
 */
import type { ByteString } from "../core/bytes/bytes.ts";
import type { FixSpan } from "../core/wire/fix.ts";
import type { NodeStats } from "../core/stats.ts";
import type { Digest } from "../core/store/store.ts";

/** What a server would answer a WHATSAT of one client. */
export interface RecordAnswer {
  /** The AT line; `undefined` if the client is unknown. */
  readonly at: ByteString | undefined;
  /** Links that gave no answer: what is held beyond them is not known. */
  readonly unanswered: number;
}

/** Hears of every fix on its way; each span is good for its call only. */
export interface ServerTrace {
  /**
   * A connection was opened that the link to a neighbour has from now on, or one
   * is over; see `connectionId`.
   */
  connection(peer: ByteString, connection: string, isOpen: boolean): void;
  /** A fix has come; see {@linkcode Effects.delivered}. */
  delivered(
    fix: FixSpan,
    from: ByteString | undefined,
    isNew: boolean,
    number: number,
  ): void;
  /** A fix was written for a neighbour; see {@linkcode Effects.sent}. */
  sent(fix: FixSpan, to: ByteString, number: number): void;
  /** Another message was written; see {@linkcode Effects.wrote}. */
  wrote(
    command: ByteString,
    lines: number,
    to: ByteString,
    number: number,
  ): void;
}

/** What a server has done since it was started, and what it has to do. */
export interface ServerStats extends NodeStats {
  /** Connections of clients that are open. */
  readonly clients: number;
  /** Links that are up. */
  readonly links: number;
  /** Clients whose fix is held. */
  readonly records: number;
  /** Fixes that wait to be sent to neighbours. */
  readonly queued: number;
  /** The most fixes that have ever waited for one neighbour. */
  readonly longestQueue: number;
}

/** What a server holds and what it has still to send. */
export interface ServerDigest extends Digest {
  /** Fixes that wait to be sent to neighbours. */
  readonly queued: number;
}
