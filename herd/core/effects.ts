/**
 * What a node asks of the shell.
 *
 * Effects are calls on an object that the shell gives, not a list: a list would
 * cost two allocations a line on the hot path, and a test records calls as well
 * as it compares lists.
 *
 * @module
 */
import type { ByteString } from "./bytes/bytes.ts";
import type { Difference } from "./link/idle_check.ts";
import type { FixSpan } from "./wire/fix.ts";
import type { WhatsatFields } from "./wire/message.ts";
import type { SyncOutcome } from "./link/sync.ts";

/** The turn of a reply to a WHATSAT. One of its methods is called, once. */
export interface Turn {
  /** Look up places around a position, and reply with the AT line and them. */
  lookup(at: ByteString, position: ByteString, query: WhatsatFields): void;
  reply(text: ByteString): void;
}

/**
 * What a node asks of the shell.
 *
 * @typeParam C What the shell knows a client's connection by.
 */
export interface Effects<C> {
  /** Keep the turn of a reply that comes later; until then so many bytes are held. */
  reserve(connection: C, heldBytes: number): Turn;
  /** Call `Node.tick()`, `tickMs` of its tuning from now. Asking twice is asking once. */
  arm(): void;
  /** A fix was stored, newer than what was held. The span is good for this call only. */
  stored(fix: FixSpan): void;
  /** Call `answer` once all that is held by now is on disk, where there is one. */
  marked(answer: () => void): void;
  /** Neighbours hold all that was told up to this group; see `Node.replicas`. */
  replicated?(group: number): void;
  /** A client's line was not carried out, for a limit was met: this one. */
  limited?(limit: ByteString): void;
  /**
   * A client's fix was taken whose time is more than a day ahead of the clock: so
   * many milliseconds. The span is good for this call only.
   */
  timeAhead?(fix: FixSpan, aheadMs: number): void;
  /** A sync with a neighbour has come to its end. */
  synced(peer: ByteString, outcome: SyncOutcome): void;
  /**
   * The check of an idle link has found that both ends do not hold the same: a
   * fix was lost. A sync mends it.
   */
  repairing?(peer: ByteString, difference: Difference): void;
  /**
   * A fix has come, from a client where `from` is left open; `isNew`: it was
   * stored. `number`: it was so many lines that the link had brought by then; 0
   * if it came in no such line. For those who record everything; nothing is done
   * where it is left out. The span is good for this call only.
   */
  delivered?:
    | ((
      fix: FixSpan,
      from: ByteString | undefined,
      isNew: boolean,
      number: number,
    ) => void)
    | undefined;
  /**
   * A fix was written for a neighbour, as line `number` of the link, from 1. As
   * {@linkcode Effects.delivered}.
   */
  sent?:
    | ((fix: FixSpan, to: ByteString, number: number) => void)
    | undefined;
  /**
   * A message that is neither an update nor a heartbeat was written for a neighbour:
   * its first word, its lines, and which line of the link the first of them is.
   * As {@linkcode Effects.delivered}.
   */
  wrote?:
    | ((
      command: ByteString,
      lines: number,
      to: ByteString,
      number: number,
    ) => void)
    | undefined;
  /**
   * The herd was asked for a client, and this many links gave no answer: what
   * is held beyond them is unknown.
   */
  unanswered?(client: ByteString, links: number): void;
}
