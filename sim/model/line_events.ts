/**
 * Events about lines between servers, and the connections that carry them.
 * Connection, direction and number together identify a line: both ends count
 * alike.
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

/** Identifies a line of a link, or the first of several lines. */
export interface LinePlace {
  /** The connection's ID; see `connectionId`. */
  readonly connection: string;
  /** The line's number on the connection, in its direction, from 1. */
  readonly number: number;
}

/** An AT line arrived at a server. */
export interface DeliveryEvent extends Partial<LinePlace> {
  readonly kind: "delivery";
  readonly server: string;
  /** The neighbour that sent it; `null`: it is a client's own fix. */
  readonly from: string | null;
  /** The AT line, as the server keeps it. */
  readonly line: string;
  /** Whether the server stored it because it was newer than what it held. */
  readonly isNew: boolean;
}

/** An AT line was written to a link. */
export interface SentEvent extends Partial<LinePlace> {
  readonly kind: "sent";
  /** The server that wrote it. */
  readonly server: string;
  /** The neighbour at the other end. */
  readonly to: string;
  readonly line: string;
}

/** A message other than an update or a heartbeat was written to a link. */
export interface ControlEvent extends Partial<LinePlace> {
  readonly kind: "control";
  /** The server that wrote it. */
  readonly server: string;
  /** The neighbour at the other end. */
  readonly to: string;
  /** Its first word: IHAVE, GRAFT, …; SYNC for all messages of a sync. */
  readonly command: string;
  readonly lines: number;
}

/**
 * One end of a connection has completed its handshake, or the connection has
 * ended.
 */
export interface ConnectionEvent {
  readonly kind: "connection";
  /** The end that reports it. */
  readonly server: string;
  readonly peer: string;
  /** The connection's ID; see `connectionId`. */
  readonly connection: string;
  readonly isOpen: boolean;
}

/**
 * The proxy of a link altered a line, or moved another line past it: one event
 * for each copy that came out, or one if none did. Every other line comes out
 * once, after the line that was written before it.
 */
export interface AlteredEvent {
  readonly kind: "altered";
  /** The server that wrote the line. */
  readonly from: string;
  readonly to: string;
  /** The connection's ID; see `connectionId`. */
  readonly connection: string;
  /** The line's number, as it was written. */
  readonly number: number;
  /** Its number for the reader; `null`: it was dropped. */
  readonly as: number | null;
  /** The kinds of the faults involved. */
  readonly by: readonly string[];
}

/**
 * A server asked the herd for a client, and not all links answered: what
 * servers beyond those hold is unknown.
 */
export interface UnansweredEvent {
  readonly kind: "unanswered";
  /** The server that asked. */
  readonly server: string;
  readonly client: string;
  /** Number of links, anywhere in the herd, that gave no answer. */
  readonly links: number;
}

/** The client of an AT line. */
export function clientOf(line: string): string {
  return line.split(" ", 4)[3] ?? "";
}
