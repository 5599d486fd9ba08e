/**
 * What a node asks of the shell.
 *
 * Effects are calls on an object that the shell provides, not a list: a list
 * would cost two allocations a line on the hot path, and a test can record
 * calls as easily as it compares lists.
 *
 * @module
 */
import type { ByteString } from "./bytes/bytes.ts";
import type { Difference } from "./link/idle_check.ts";
import type { FixSpan } from "./wire/fix.ts";
import type { WhatsatFields } from "./wire/message.ts";
import type { SyncOutcome } from "./link/sync.ts";

/** The place of a reply to a WHATSAT. Call one of its methods, once. */
export interface Turn {
  /** Looks up places around a position, and replies with AT line and places. */
  lookup(at: ByteString, position: ByteString, query: WhatsatFields): void;
  reply(text: ByteString): void;
}

/** For complete traces: what each line brings. */
export interface LineEffects {
  /**
   * A fix has arrived, from a client if `from` is `undefined`. `isNew`: it was
   * stored. `number`: the number of the line on the link that brought it; 0 if
   * it did not come in a numbered line. The span is valid for this call only.
   */
  delivered(
    fix: FixSpan,
    from: ByteString | undefined,
    isNew: boolean,
    number: number,
  ): void;
  /**
   * A fix was written for a neighbour, as line `number` of the link, from 1.
   * Otherwise as {@linkcode LineEffects.delivered}.
   */
  sent(fix: FixSpan, to: ByteString, number: number): void;
  /**
   * A message other than an update or a heartbeat was written for a neighbour:
   * its first word, its number of lines, and the number of its first line on
   * the link. Otherwise as {@linkcode LineEffects.delivered}.
   */
  wrote(
    command: ByteString,
    lines: number,
    to: ByteString,
    number: number,
  ): void;
}

/** The same, if anybody traces; for what is left out, nothing is done. */
export type MaybeTraced = {
  [K in keyof LineEffects]?: LineEffects[K] | undefined;
};

/**
 * What a node asks of the shell.
 *
 * @typeParam C How the shell identifies a client's connection.
 */
export interface Effects<C> extends MaybeTraced {
  /** Reserves `heldBytes` and the place of a reply that comes later. */
  reserve(connection: C, heldBytes: number): Turn;
  /**
   * Calls `Node.tick()` `tickMs` of its tuning from now. Asking twice is the
   * same as asking once.
   */
  arm(): void;
  /**
   * A fix was stored, newer than the one held before. The span is valid for
   * this call only.
   */
  stored(fix: FixSpan): void;
  /** Calls `answer` once everything held now is on disk, if there is one. */
  marked(answer: () => void): void;
  /** Neighbours hold everything up to this group; see `Node.replicas`. */
  replicated?(group: number): void;
  /** A client's line was refused because of this limit. */
  limited?(limit: ByteString): void;
  /**
   * A client's fix was accepted whose time is `aheadMs` ms, more than a day,
   * ahead of the clock. The span is valid for this call only.
   */
  timeAhead?(fix: FixSpan, aheadMs: number): void;
  /** A sync with a neighbour has ended. */
  synced(peer: ByteString, outcome: SyncOutcome): void;
  /** The check of an idle link found a fix lost, which a sync repairs. */
  repairing?(peer: ByteString, difference: Difference): void;
  /**
   * The herd was asked for a client, and `links` links gave no answer: what
   * servers beyond them hold is unknown.
   */
  unanswered?(client: ByteString, links: number): void;
}
