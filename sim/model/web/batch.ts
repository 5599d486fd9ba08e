/**
 * What watchers of a herd are told, ten times a second: what happened since the
 * batch before, and where the herd stands. Types only: the page has them too.
 *
 * @module
 */
import type { ServerState } from "../lifecycle.ts";
import type { HerdEvent } from "../events.ts";
import type { Shape } from "../topology/shape.ts";

export type { Shape };

/** What happened in a tenth of a second, and what was so at its end. */
export interface Batch {
  /** Counts up by one; where an interrupted watcher goes on. */
  readonly id: number;
  /** Its end, in milliseconds since the epoch. */
  readonly atMs: number;
  /** What happened, lines between servers aside. */
  readonly events: readonly HerdEvent[];
  /** The ways between servers on which something went. */
  readonly flows: readonly Flow[];
  /** Updates of the clients that this watcher follows, link by link. */
  readonly hops: readonly Hop[];
  /** The newest fix of each client that changed: the last of them, if many. */
  readonly fixes: readonly SeenFix[];
  /** Clients whose fix changed, and are not among `fixes`. */
  readonly fixesLeftOut: number;
  /** Each server that changed; all of them in a first batch. */
  readonly servers: readonly ServerView[];
  /** Each link that changed; all of them in a first batch. */
  readonly links: readonly LinkView[];
  /** The faults that stand, if they changed. */
  readonly faults?: readonly FaultView[];
  /** The herd's weak places, if they changed. */
  readonly shape?: Shape;
  /** Figures of the second that ended, if one did. */
  readonly figures?: Figures;
  /**
   * Why updates are not seen one by one, if they are not: they are too many.
   * Flows and figures go on.
   */
  readonly unseen?: string;
}

/** What went one way on a link since the batch before. */
export interface Flow {
  /** Who wrote it. */
  readonly from: string;
  /** Who read it. */
  readonly to: string;
  /** Lines, of whatever kind. */
  readonly lines: number;
  /** Bytes. */
  readonly bytes: number;
}

/** One update on one link. */
export interface Hop {
  /** Who wrote it. */
  readonly from: string;
  /** Whom it was for. */
  readonly to: string;
  /** The client that it is of. */
  readonly client: string;
  /** The AT line. */
  readonly line: string;
  /** When it was written. */
  readonly sentMs: number;
  /** When it was read; `null`: not yet, or not known. */
  readonly readMs: number | null;
  /** Whether it was newer than what the reader held. */
  readonly isNew: boolean;
  /** Whether it is known to be lost. */
  readonly isLost: boolean;
}

/** A client's newest fix. */
export interface SeenFix {
  /** The client. */
  readonly client: string;
  /** Degrees, north positive. */
  readonly latitude: number;
  /** Degrees, east positive. */
  readonly longitude: number;
  /** The server that the client told it. */
  readonly server: string;
  /** The AT line. */
  readonly line: string;
  /** Servers that are up and are known to hold an older one, or none. */
  readonly behind: readonly string[];
}

/** Where a server stands. */
export interface ServerView {
  /** Its name. */
  readonly name: string;
  /** Its state. */
  readonly state: ServerState;
  /** When it came into it, in milliseconds since the epoch. */
  readonly sinceMs: number;
  /** Where it listens. */
  readonly port: number;
  /** How often it was restarted after it ended by itself. */
  readonly restarts: number;
  /** Milliseconds until it is restarted; `null`: it is not to be. */
  readonly restartsInMs: number | null;
  /** Clients whose fix it holds; `null`: not known. */
  readonly records: number | null;
  /** Fixes that wait to be sent to neighbours; `null`: not known. */
  readonly queued: number | null;
  /** Connections of clients; `null`: not known. */
  readonly clients: number | null;
  /** By how many milliseconds its last keepalive was late; `null`: not known. */
  readonly lagMs: number | null;
  /** Bytes of its own heap that are in use; `null`: not known. */
  readonly memory: number | null;
  /** Its link to a hub; nothing, if it has none, or that is not known. */
  readonly hub?: HubView;
}

/** Where a gateway's link to a hub stands. */
export interface HubView {
  /** Whether it is connected. */
  readonly isUp: boolean;
  /** Since when, in milliseconds since the epoch. */
  readonly sinceMs: number;
  /** Fixes that wait to be told to the hub. */
  readonly waiting: number;
}

/** Where a link stands. */
export interface LinkView {
  /** The server whose name stands first in the topology. */
  readonly a: string;
  /** The other. */
  readonly b: string;
  /** Whether both ends have it up; `null`: both run, and nobody can see. */
  readonly isUp: boolean | null;
  /** Fixes that wait at `a` for `b`; `null`: not known. */
  readonly queuedAB: number | null;
  /** Fixes that wait at `b` for `a`; `null`: not known. */
  readonly queuedBA: number | null;
  /** How long the oldest of those at `a` has waited, in milliseconds. */
  readonly lagAB: number | null;
  /** How long the oldest of those at `b` has waited, in milliseconds. */
  readonly lagBA: number | null;
}

/** A fault that stands. */
export interface FaultView {
  /** This use of its name. */
  readonly id: string;
  /** `cut`, `latency`, … */
  readonly fault: string;
  /** What it is on: servers, links `Alford-Parker`, ways `Alford>Parker`. */
  readonly targets: readonly string[];
  /** In one line, for people. */
  readonly text: string;
  /** When it began, in milliseconds since the epoch. */
  readonly sinceMs: number;
  /** How many lines, chunks, connections or clocks it has acted on so far. */
  readonly touched: number;
}

/** Figures of one second. A figure that is not known is `null`. */
export interface Figures {
  /** The end of the second, in milliseconds since the epoch. */
  readonly atMs: number;
  /** New fixes that clients told servers. */
  readonly updates: number;
  /** AT lines between servers for each of them. */
  readonly messagesPerUpdate: number | null;
  /** Milliseconds from a server's first knowledge to the last server's. */
  readonly propagation: Percentiles | null;
  /** Milliseconds from a line to its reply, of the workbench's own clients. */
  readonly reply: Percentiles | null;
}

/** Percentiles of so many samples. */
export interface Percentiles {
  /** The middle. */
  readonly p50: number;
  /** 99 of 100 are at most this. */
  readonly p99: number;
  /** How many. */
  readonly samples: number;
}
