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
    /** The embedded places service listens. */
    readonly kind: "places-ready";
    readonly base: string;
  };

/** One thing that happened, and when, in milliseconds since the epoch. */
export type HerdEvent = { readonly atMs: number } & HerdIncident;
