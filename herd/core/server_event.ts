/**
 * Events that a server reports.
 *
 * @module
 */
import type { ByteString } from "./bytes/bytes.ts";
import type { Difference } from "./link/idle_check.ts";
import type { SyncOutcome } from "./link/sync.ts";
import type { BadLine } from "./wire/message.ts";

/** An event that a server reports. */
export type ServerEvent =
  | LinkEvent
  | ({ readonly kind: "synced"; readonly peer: string } & SyncOutcome)
  | ({
    /**
     * The two ends of an idle link were found to hold different records, and
     * these are exchanged: a fix was lost between them, and only the check
     * noticed.
     */
    readonly kind: "sync-repair";
    readonly peer: string;
  } & Difference)
  | {
    /** A client waits for a reply, but its first line has not ended. */
    readonly kind: "line-unfinished";
    readonly client: string;
    /** What has arrived of the line, 256 bytes at most. */
    readonly head: ByteString;
  }
  | {
    /**
     * A client's fix was accepted whose time is more than a day ahead of the
     * clock.
     */
    readonly kind: "time-ahead";
    /** The client's ID, 256 bytes of it at most. */
    readonly client: ByteString;
    readonly aheadMs: number;
  };

/** For what a server closes a link: no line has ended, or a bad one has. */
export type LinkWrong = "silence" | BadLine;

export type LinkEvent =
  | { readonly kind: "link-up"; readonly peer: string }
  | {
    readonly kind: "link-down";
    readonly peer: string;
    readonly why: string;
    /** What the neighbour did wrong, if that is why. */
    readonly wrong?: LinkWrong;
  }
  | {
    /** A dial to the neighbour was answered by something else. */
    readonly kind: "link-refused";
    readonly peer: string;
    readonly why: string;
    /** What the other side sent instead, or the beginning of it. */
    readonly answer: string;
    /** Number of dials that have failed in a row, this one included. */
    readonly failures: number;
  }
  | {
    /** No link came up, though it is not that nobody listens there. */
    readonly kind: "dial-failed";
    readonly peer: string;
    /**
     * Which line of the handshake did not arrive, and why; or what kept the
     * dial from its host.
     */
    readonly why: string;
    /** Number of dials that have failed in a row, this one included. */
    readonly failures: number;
  };
