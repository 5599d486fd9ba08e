/**
 * What can be known of a server while it runs.
 *
 * @module
 */
import type { ByteString } from "../core/bytes/bytes.ts";
import type { FixSpan } from "../core/wire/fix.ts";
import type { NodeStats } from "../core/stats.ts";
import type { HubStats } from "./hub/hub_link.ts";
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
  /** Not all answered who were asked; see {@linkcode Effects.unanswered}. */
  unanswered(client: ByteString, links: number): void;
}

/** What a server has done since it was started, and what it has to do. */
export interface ServerStats extends NodeStats {
  /** Client lines that were answered by `?`, by what was wrong with them. */
  readonly refused: Readonly<Record<string, number>>;
  /** Lookups of places that came out so. */
  readonly lookups: { readonly ok: number; readonly failed: number };
  /** By how many milliseconds the last keepalive went out too late. */
  readonly lagMs: number;
  /** Connections of clients that are open. */
  readonly clients: number;
  /** Bytes that came, from clients and neighbours. */
  readonly bytesIn: number;
  /** Bytes that sockets have taken. */
  readonly bytesOut: number;
  /** Links that are up. */
  readonly links: number;
  /** Clients whose fix is held. */
  readonly records: number;
  /** Fixes that wait to be sent to neighbours. */
  readonly queued: number;
  /** The most fixes that have ever waited for one neighbour. */
  readonly longestQueue: number;
  /** What is counted of the hub that it is a gateway to. */
  readonly hub?: HubStats;
  /** What is counted of each link, up or down. */
  readonly byLink: readonly LinkStats[];
}

/** What is counted of one link since the server was started. */
export interface LinkStats {
  /** The neighbour. */
  readonly peer: string;
  /** Whether it is up now. */
  readonly isUp: boolean;
  /** How often it came up. */
  readonly ups: number;
  /** Lines that came, of whatever kind. */
  readonly linesIn: number;
  /** Lines that were written, of whatever kind. */
  readonly linesOut: number;
  /** Bytes that came. */
  readonly bytesIn: number;
  /** Bytes that the socket has taken. */
  readonly bytesOut: number;
  /** Fixes that wait to be sent. */
  readonly queued: number;
  /** Whole seconds that the one of them has waited, at least, who waits longest. */
  readonly waitedS: number;
  /** Syncs that have come to their end. */
  readonly syncs: number;
  /** When the last of them did, in milliseconds since the epoch. */
  readonly lastSyncMs: number | null;
  /** Checks of the idle link that found a fix lost, and had it sent. */
  readonly repairs: number;
}

/** What a server holds and what it has still to send. */
export interface ServerDigest extends Digest {
  /** Fixes that wait to be sent to neighbours. */
  readonly queued: number;
}
