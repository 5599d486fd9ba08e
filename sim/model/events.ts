/**
 * What happens to a herd: one union, whoever hears of it. A history keeps most
 * of it, the prompt tells what is of use to people, `--json` prints it.
 *
 * @module
 */
import type { ServerEvent } from "../../herd/core/server_event.ts";
import type { ServerState } from "./lifecycle.ts";
import type { LineEvent } from "./line_events.ts";

/** One thing that happened, without its time. */
export type HerdIncident =
  | ({ readonly server: string } & ServerEvent)
  | LineEvent
  | {
    readonly kind: "state";
    readonly server: string;
    readonly state: ServerState;
    /** What brought it about, where the state alone does not tell. */
    readonly why?: string;
    /** Whether it crashed because somebody asked for it. */
    readonly isAsked?: boolean;
  }
  | {
    /** The server crashed once too often within the period; it stays down. */
    readonly kind: "restart-limit";
    readonly server: string;
    readonly restarts: number;
    readonly periodMs: number;
    /** Whether somebody asked for the last of the crashes. */
    readonly isAsked?: boolean;
  }
  | {
    /** The server is to be restarted, and later than at once. */
    readonly kind: "backoff";
    readonly server: string;
    readonly delayMs: number;
  }
  | {
    /** The restart policy starts a server again that ended by itself. */
    readonly kind: "restart";
    readonly server: string;
    /** How often it has done so by now. */
    readonly restarts: number;
    /** Milliseconds since the server's end. */
    readonly backoffMs: number;
  }
  | {
    /** A fault was brought about. */
    readonly kind: "fault-begin";
    /** This use of its name: `snip`, then `snip#2`. */
    readonly id: string;
    /** What it is called, each time; a history leaves it out if it is the ID. */
    readonly name?: string;
    /** `cut`, `kill`, `latency`, … */
    readonly fault: string;
    /** What it is really on: servers, links `Alford-Parker`, ways `Alford>Parker`. */
    readonly targets: readonly string[];
    /** How it is set. */
    readonly settings?: Readonly<Record<string, string | number>>;
  }
  | {
    /** A fault was taken back on some of its targets, not on all. */
    readonly kind: "fault-part-end";
    /** Which fault, by its ID. */
    readonly id: string;
    /** Where it still stands. */
    readonly left: readonly string[];
  }
  | {
    /** A fault was taken back. */
    readonly kind: "fault-end";
    /** Which fault, by its ID. */
    readonly id: string;
    /** How many lines, chunks, connections or clocks it has acted on. */
    readonly touched: number;
  }
  | {
    /** The process has too few descriptors for all that its servers would take. */
    readonly kind: "connections-capped";
    /** Descriptors that it has. */
    readonly descriptors: number;
    /** Connections of clients that each server would take. */
    readonly asked: number;
    /** Those that each takes. */
    readonly each: number;
  }
  | {
    /**
     * A server's lines came faster than they are read for those who listen to
     * lines: so many more of them are not told, and were passed on all the same.
     */
    readonly kind: "lines-left-out";
    readonly server: string;
    readonly lines: number;
  }
  | {
    /** The embedded places service listens. */
    readonly kind: "places-ready";
    readonly base: string;
  };

/** One thing that happened, and when, in milliseconds since the epoch. */
export type HerdEvent = { readonly atMs: number } & HerdIncident;
