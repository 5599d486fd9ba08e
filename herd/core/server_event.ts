/**
 * What a server tells of itself.
 *
 * @module
 */
import type { ByteString } from "./bytes/bytes.ts";
import type { Difference } from "./link/idle_check.ts";
import type { SyncOutcome } from "./link/sync.ts";

/** What a server tells of itself. */
export type ServerEvent =
  | LinkEvent
  | ({ readonly kind: "synced"; readonly peer: string } & SyncOutcome)
  | ({
    /**
     * An idle link was found to have other records at either end, and these are
     * exchanged: a fix was lost between them, and nothing but the check noticed.
     */
    readonly kind: "sync-repair";
    readonly peer: string;
  } & Difference)
  | LineUnfinished
  | TimeAhead;

export type LinkEvent =
  | { readonly kind: "link-up"; readonly peer: string }
  | { readonly kind: "link-down"; readonly peer: string; readonly why: string }
  | {
    /** Who answered a dial to the neighbour is not who it should be. */
    readonly kind: "link-refused";
    readonly peer: string;
    readonly why: string;
    /** What the other side said instead, or the beginning of it. */
    readonly answer: string;
    /** Dials that have failed in a row, with this one. */
    readonly failures: number;
  }
  | {
    /** The neighbour was reached, and yet no link came about. */
    readonly kind: "dial-failed";
    readonly peer: string;
    /** Which line of the handshake did not come, and why not. */
    readonly why: string;
    /** Dials that have failed in a row, with this one. */
    readonly failures: number;
  };

/** A client waits for a reply, but its first line has not ended. */
export interface LineUnfinished {
  readonly kind: "line-unfinished";
  /** The client's address and port. */
  readonly client: string;
  /** What has come of the line, 256 bytes at most. */
  readonly head: ByteString;
}

/** A client's fix was taken whose time is more than a day ahead of the clock. */
export interface TimeAhead {
  readonly kind: "time-ahead";
  /** The client's ID, 256 bytes of it at most. */
  readonly client: ByteString;
  readonly aheadMs: number;
}
