/**
 * What a server tells of itself.
 *
 * @module
 */
import type { ByteString } from "../core/bytes/bytes.ts";
import type { Difference } from "../core/link/check.ts";
import type { FixSpan } from "../core/wire/fix.ts";
import type { NodeStats } from "../core/stats.ts";
import type { Digest } from "../core/store/store.ts";
import type { SyncOutcome } from "../core/link/sync.ts";
import type { LinkEvent } from "./peers.ts";

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

/** What a server tells of itself. */
export type ServerEvent =
  | LinkEvent
  | ({ readonly kind: "synced"; readonly peer: string } & SyncOutcome)
  | ({ readonly kind: "sync-repair"; readonly peer: string } & Difference)
  | LineUnfinished
  | TimeAhead;

/** A client waits for a reply, but its first line has not ended. */
export interface LineUnfinished {
  /** What happened. */
  readonly kind: "line-unfinished";
  /** The client's address and port. */
  readonly client: string;
  /** What has come of the line, 256 bytes at most. */
  readonly head: ByteString;
}

/** A client's fix was taken whose time is more than a day ahead of the clock. */
export interface TimeAhead {
  /** What happened. */
  readonly kind: "time-ahead";
  /** The client's ID, 256 bytes of it at most. */
  readonly client: ByteString;
  /** How far it is ahead, in milliseconds. */
  readonly aheadMs: number;
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
