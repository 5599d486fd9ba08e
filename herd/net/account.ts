/**
 * What can be observed of a running server.
 *
 * @module
 */
import type { ByteString } from "../core/bytes/bytes.ts";
import type { LineEffects } from "../core/effects.ts";
import type { LinkCounts } from "../core/link/link_watcher.ts";
import type { Bytes } from "./bytes_carried.ts";
import type { NodeStats } from "../core/stats.ts";
import type { HubStats } from "./hub/hub_link.ts";
import type { Digest } from "../core/store/store.ts";

/** What a server would answer to a WHATSAT about one client. */
export interface RecordAnswer {
  /** The AT line; `undefined` if the client is unknown. */
  readonly at: ByteString | undefined;
  /** Links that gave no answer: what servers beyond them hold is unknown. */
  readonly unanswered: number;
}

/** Receives every fix on its way; each span is valid for its call only. */
export interface ServerTrace extends LineEffects {
  /** A link's connection was opened, or has ended; see `connectionId`. */
  connection(peer: ByteString, connection: string, isOpen: boolean): void;
  /**
   * Some links gave no answer to a query; see {@linkcode Effects.unanswered}.
   */
  unanswered(client: ByteString, links: number): void;
}

/** Counters of a server since its start, and its current load. */
export interface ServerStats extends NodeStats, Bytes {
  /** Client lines that were answered by `?`, by reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** Lookups of places, by outcome. */
  readonly lookups: { readonly ok: number; readonly failed: number };
  /** By how many milliseconds the last keepalive was late. */
  readonly lagMs: number;
  /** Open connections of clients. */
  readonly clients: number;
  /** Number of links that are up. */
  readonly links: number;
  /** Number of clients whose fix is held. */
  readonly records: number;
  /** Fixes that wait to be sent to neighbours. */
  readonly queued: number;
  /** The most fixes that have ever waited for one neighbour. */
  readonly longestQueue: number;
  /** Counters of its hub; only of a gateway. */
  readonly hub?: HubStats;
  /** Counters of each link, up or down. */
  readonly byLink: readonly LinkStats[];
}

/** Counters of one link since the server was started. */
export interface LinkStats extends LinkCounts, Bytes {
  /** Name of the neighbour. */
  readonly peer: string;
  /** Whether the link is up now. */
  readonly isUp: boolean;
  /** How often it has come up. */
  readonly ups: number;
  /** Number of completed syncs. */
  readonly syncs: number;
  /**
   * Milliseconds since the epoch at which the last sync ended; `null`: none
   * did.
   */
  readonly lastSyncMs: number | null;
  /** Checks of the idle link that found a fix lost, which was then sent. */
  readonly repairs: number;
}

/** A server's digest, and what it has still to send. */
export interface ServerDigest extends Digest {
  /** Fixes that wait to be sent to neighbours. */
  readonly queued: number;
}
