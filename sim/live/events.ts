/**
 * What a herd reports while it runs.
 *
 * @module
 */
import type { ServerEvent } from "../../herd/net/server.ts";
import type { ServerState } from "../model/lifecycle.ts";

/** One thing that happened, without its time. */
export type HerdIncident =
  | {
    readonly kind: "state";
    readonly server: string;
    readonly state: ServerState;
    /** What brought it about, where the state alone does not tell. */
    readonly why?: string;
  }
  | ({ readonly server: string } & ServerEvent)
  | {
    /** The server crashed once too often within the period; it stays down. */
    readonly kind: "restart-limit";
    readonly server: string;
    readonly restarts: number;
    readonly periodMs: number;
  }
  | {
    /** A fault was brought about. */
    readonly kind: "fault-begin";
    /** What it is called. */
    readonly id: string;
    /** Which fault it is. */
    readonly fault: string;
    /** What it is really on. */
    readonly targets: readonly string[];
    /** How it is set. */
    readonly settings: Readonly<Record<string, string | number>>;
  }
  | {
    /** A fault was taken back. */
    readonly kind: "fault-end";
    /** What it is called. */
    readonly id: string;
    /** How many lines, chunks, connections or clocks it has acted on. */
    readonly touched: number;
  }
  | {
    /** The embedded places service listens. */
    readonly kind: "places-ready";
    readonly base: string;
  };

/** One thing that happened, and when, in milliseconds since the epoch. */
export type HerdEvent = { readonly atMs: number } & HerdIncident;
