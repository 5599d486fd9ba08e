/**
 * What watchers of a herd are told, ten times a second: what happened since the
 * batch before, and where the herd stands. Types only: the page has them too.
 *
 * @module
 */
import type { ServerState } from "../lifecycle.ts";
import type { HerdEvent } from "../events.ts";
import type { Harm } from "../steps/kind.ts";
import type { Shape } from "../topology/shape.ts";

export type { Shape };

/** Events of a tenth of a second, and the status at its end. */
export interface Batch {
  /** Counts up by one; an interrupted watcher resumes from it. */
  readonly id: number;
  /** Its end, in milliseconds since the epoch. */
  readonly atMs: number;
  /** Events, without lines between servers. */
  readonly events: readonly HerdEvent[];
  /** Traffic between servers, by direction. */
  readonly flows: readonly Flow[];
  /** Updates of the clients that this watcher follows, link by link. */
  readonly hops: readonly Hop[];
  /**
   * The newest fix of each client that changed: only the latest ones, if many.
   */
  readonly fixes: readonly SeenFix[];
  /** Number of clients whose fix changed and that are not among `fixes`. */
  readonly fixesLeftOut: number;
  /** Each server that changed; all of them in a first batch. */
  readonly servers: readonly ServerView[];
  /** Each link that changed; all of them in a first batch. */
  readonly links: readonly LinkView[];
  /** Active faults, if they changed. */
  readonly faults?: readonly FaultView[];
  /** The herd's connectivity, if it changed. */
  readonly shape?: Shape;
  /** Figures of the last full second, if one has ended. */
  readonly figures?: Figures;
  /**
   * Why single updates are not shown, if they are not: there are too many.
   * Flows and figures continue.
   */
  readonly unseen?: string;
}

/** What was sent in one direction of a link since the batch before. */
export interface Flow {
  /** The writer. */
  readonly from: string;
  /** The reader. */
  readonly to: string;
  /** Number of lines, of any kind. */
  readonly lines: number;
  readonly bytes: number;
}

/** One update on one link. */
export interface Hop {
  /** The writer. */
  readonly from: string;
  /** The neighbour it is for. */
  readonly to: string;
  readonly client: string;
  readonly line: string;
  /** When it was written. */
  readonly sentMs: number;
  /** When it was read; `null`: not yet, or unknown. */
  readonly readMs: number | null;
  /** Whether it was newer than what the reader held. */
  readonly isNew: boolean;
  /** Whether it is known to be lost. */
  readonly isLost: boolean;
}

/** A client's newest fix. */
export interface SeenFix {
  readonly client: string;
  /** Degrees, north positive. */
  readonly latitude: number;
  /** Degrees, east positive. */
  readonly longitude: number;
  /** The server that received it from the client. */
  readonly server: string;
  readonly line: string;
  /** Servers that are up and known to hold an older one, or none. */
  readonly behind: readonly string[];
}

/** The status of a server. */
export interface ServerView {
  readonly name: string;
  readonly state: ServerState;
  /** When it entered its state, in milliseconds since the epoch. */
  readonly sinceMs: number;
  /** The port that it listens on. */
  readonly port: number;
  /** How often it was restarted after it ended by itself. */
  readonly restarts: number;
  /** Milliseconds until it is restarted; `null`: no restart is planned. */
  readonly restartsInMs: number | null;
  /** Number of clients whose fix it holds; `null`: unknown. */
  readonly records: number | null;
  /** Fixes that wait to be sent to neighbours; `null`: unknown. */
  readonly queued: number | null;
  /** Connections of clients; `null`: unknown. */
  readonly clients: number | null;
  /** By how many milliseconds its last keepalive was late; `null`: unknown. */
  readonly lagMs: number | null;
  /** Bytes of its heap in use; `null`: unknown. */
  readonly memory: number | null;
  /** Its link to a hub; absent if it has none, or that is unknown. */
  readonly hub?: HubView;
}

/** The status of a gateway's link to a hub. */
export interface HubView {
  /** Whether it is connected. */
  readonly isUp: boolean;
  /** Since when, in milliseconds since the epoch. */
  readonly sinceMs: number;
  /** Fixes that wait to be published. */
  readonly waiting: number;
}

/** The status of a link. */
export interface LinkView {
  /** The server that comes first in the topology. */
  readonly a: string;
  /** The other server. */
  readonly b: string;
  /**
   * Whether it is up at both ends; `null`: both servers run, and it is unknown.
   */
  readonly isUp: boolean | null;
  /** Fixes that wait at `a` for `b`; `null`: unknown. */
  readonly queuedAB: number | null;
  /** Fixes that wait at `b` for `a`; `null`: unknown. */
  readonly queuedBA: number | null;
  /** How long the oldest of those at `a` has waited, in milliseconds. */
  readonly lagAB: number | null;
  /** How long the oldest of those at `b` has waited, in milliseconds. */
  readonly lagBA: number | null;
}

/** An active fault. */
export interface FaultView {
  /** Unique ID of this use of its name. */
  readonly id: string;
  /** `cut`, `latency`, … */
  readonly fault: string;
  /** What it does to links or servers, where a word says it. */
  readonly harm?: Harm;
  /**
   * Its targets: servers, links `Alford-Parker`, directions `Alford>Parker`.
   */
  readonly targets: readonly string[];
  /** In one line, for people. */
  readonly text: string;
  /** When it began, in milliseconds since the epoch. */
  readonly sinceMs: number;
  /** Lines, chunks, connections or clocks affected so far. */
  readonly touched: number;
}

/** Figures of one second. `null`: unknown. */
export interface Figures {
  /** The end of the second, in milliseconds since the epoch. */
  readonly atMs: number;
  /** New fixes that clients sent to servers. */
  readonly updates: number;
  /** AT lines between servers for each of them. */
  readonly messagesPerUpdate: number | null;
  /** Milliseconds from the first server that has a fix to the last one. */
  readonly propagation: Percentiles | null;
  /** Milliseconds from a line to its reply, of the workbench's own clients. */
  readonly reply: Percentiles | null;
}

/** Percentiles of so many samples. */
export interface Percentiles {
  /** The median. */
  readonly p50: number;
  /** 99 of 100 samples are at most this. */
  readonly p99: number;
  readonly samples: number;
}
