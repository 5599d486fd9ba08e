/**
 * Events of a herd: one union for all listeners. A history keeps most of them,
 * the prompt prints those that are useful to people, `--json` prints all.
 *
 * @module
 */
import type { ServerEvent } from "../../herd/core/server_event.ts";
import type { ServerState } from "./lifecycle.ts";
import type { LineEvent } from "./line_events.ts";

/** One event, without its time. */
export type HerdIncident =
  | ({ readonly server: string } & ServerEvent)
  | LineEvent
  | {
    readonly kind: "state";
    readonly server: string;
    readonly state: ServerState;
    /** Its cause, if the state alone does not show it. */
    readonly why?: string;
    /** Whether the crash was requested. */
    readonly isAsked?: boolean;
  }
  | {
    /** The server crashed too often within the period; it stays down. */
    readonly kind: "restart-limit";
    readonly server: string;
    readonly restarts: number;
    readonly periodMs: number;
    /** Whether the last of the crashes was requested. */
    readonly isAsked?: boolean;
  }
  | {
    /** The server is to be restarted after a delay. */
    readonly kind: "backoff";
    readonly server: string;
    readonly delayMs: number;
  }
  | {
    /** The restart policy restarts a server that ended by itself. */
    readonly kind: "restart";
    readonly server: string;
    /** Number of such restarts so far. */
    readonly restarts: number;
    /** Milliseconds since the server's end. */
    readonly backoffMs: number;
  }
  | {
    /** A fault has begun. */
    readonly kind: "fault-begin";
    /** Unique ID of this use of the name: `snip`, then `snip#2`. */
    readonly id: string;
    /**
     * Its name, repeated for each use; a history leaves it out if it is the ID.
     */
    readonly name?: string;
    /** `cut`, `kill`, `latency`, … */
    readonly fault: string;
    /**
     * The actual targets: servers, links `Alford-Parker`, directions
     * `Alford>Parker`.
     */
    readonly targets: readonly string[];
    readonly settings?: Readonly<Record<string, string | number>>;
  }
  | {
    /** A fault has ended on some of its targets. */
    readonly kind: "fault-part-end";
    /** The fault's ID. */
    readonly id: string;
    /** Targets on which it is still active. */
    readonly left: readonly string[];
  }
  | {
    /** A fault has ended. */
    readonly kind: "fault-end";
    /** The fault's ID. */
    readonly id: string;
    /** Lines, chunks, connections or clocks affected. */
    readonly touched: number;
  }
  | {
    /**
     * The process has too few file descriptors for its servers' connection
     * limits.
     */
    readonly kind: "connections-capped";
    /** Available descriptors. */
    readonly descriptors: number;
    /** The connection limit of each server that was asked for. */
    readonly asked: number;
    /** The connection limit of each server now. */
    readonly each: number;
  }
  | {
    /**
     * A server's lines came faster than listeners to lines read them: this many
     * were not reported. They were passed on all the same.
     */
    readonly kind: "lines-left-out";
    readonly server: string;
    readonly lines: number;
  }
  | {
    /**
     * Another program has taken the port of a server that was to start: all are
     * started again, on other ports. What was told of them before counts for
     * nothing.
     */
    readonly kind: "start-again";
    readonly server: string;
    readonly port: number;
  }
  | {
    /** The embedded places service is listening. */
    readonly kind: "places-ready";
    readonly base: string;
  };

/** One event, with its time in milliseconds since the epoch. */
export type HerdEvent = { readonly atMs: number } & HerdIncident;
