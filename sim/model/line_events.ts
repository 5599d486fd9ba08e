/**
 * What a history tells of the lines between servers, and of the connections that
 * they are on. Together, connection, direction and number say which line it is:
 * both ends count alike.
 *
 * @module
 */

export type LineEvent =
  | DeliveryEvent
  | SentEvent
  | ControlEvent
  | ConnectionEvent
  | AlteredEvent
  | UnansweredEvent;

/** Which line of a link it is; of several lines: the first of them. */
export interface LinePlace {
  /** The connection; see `connectionId`. */
  readonly connection: string;
  /** The line's number on it, in its direction, from 1. */
  readonly number: number;
}

/** An AT line came to a server. */
export interface DeliveryEvent extends Partial<LinePlace> {
  readonly kind: "delivery";
  readonly server: string;
  /** The neighbour it came from; `null`: a client's IAMAT made it. */
  readonly from: string | null;
  /** The AT line, as the server keeps it. */
  readonly line: string;
  /** Whether the server stored it: it was newer than what it held. */
  readonly isNew: boolean;
}

/** An AT line was written to a link. */
export interface SentEvent extends Partial<LinePlace> {
  readonly kind: "sent";
  /** Who wrote it. */
  readonly server: string;
  /** The neighbour at the other end. */
  readonly to: string;
  readonly line: string;
}

/** A message that is neither an update nor a heartbeat was written to a link. */
export interface ControlEvent extends Partial<LinePlace> {
  readonly kind: "control";
  /** Who wrote it. */
  readonly server: string;
  /** The neighbour at the other end. */
  readonly to: string;
  /** Its first word: IHAVE, GRAFT, …; SYNC for all messages of a sync. */
  readonly command: string;
  readonly lines: number;
}

/** One end of a connection was opened, its handshake done, or is over. */
export interface ConnectionEvent {
  readonly kind: "connection";
  /** The end that tells. */
  readonly server: string;
  readonly peer: string;
  /** The connection; see `connectionId`. */
  readonly connection: string;
  readonly isOpen: boolean;
}

/**
 * The proxy of a link did something to a line, or let another line pass it: one
 * event for each copy that came out, or one if none did. Every other line comes
 * out once, behind the line that was written before it.
 */
export interface AlteredEvent {
  readonly kind: "altered";
  /** Who wrote the line. */
  readonly from: string;
  readonly to: string;
  /** The connection; see `connectionId`. */
  readonly connection: string;
  /** The line's number, as it was written. */
  readonly number: number;
  /** The number that it has for its reader; `null`: it was dropped. */
  readonly as: number | null;
  /** The kinds of the faults that had a part in it. */
  readonly by: readonly string[];
}

/**
 * A server asked the herd for a client, for somebody, and not all have answered:
 * what is held beyond those links is not known.
 */
export interface UnansweredEvent {
  readonly kind: "unanswered";
  /** Who asked. */
  readonly server: string;
  readonly client: string;
  /** Links that gave no answer, anywhere in the herd. */
  readonly links: number;
}

/** The client that an AT line is of. */
export function clientOf(line: string): string {
  return line.split(" ", 4)[3] ?? "";
}
