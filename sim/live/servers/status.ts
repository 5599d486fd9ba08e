/**
 * Where a server stands, as a supervisor tells it.
 *
 * @module
 */
import type { ServerState } from "../../model/lifecycle.ts";
import type { Child } from "./child.ts";

/** Where one server stands. */
export interface ServerStatus {
  /** Its name. */
  readonly name: string;
  /** The address it listens on. */
  readonly hostname: string;
  /** The port it listens on. */
  readonly port: number;
  /** The servers it is to be linked to. */
  readonly neighbours: readonly string[];
  /** Its state. */
  readonly state: ServerState;
  /** The neighbours it is linked to; none are known where links can't be seen. */
  readonly linked: readonly string[];
  /** Whether links can be seen. */
  readonly seesLinks: boolean;
  /** How often it was restarted after it ended by itself. */
  readonly restarts: number;
  /** Milliseconds from its end to its last restart; 0 before the first. */
  readonly backoffMs: number;
  /** Whether it crashed once too often, and is down for that. */
  readonly limitReached: boolean;
  /** When it came into its state, in milliseconds since the epoch. */
  readonly sinceMs: number;
}

/** Where the server of a child stands. */
export function statusOf(child: Child): ServerStatus {
  const { name, start, state, sinceMs, seesLinks } = child;
  const { count: restarts, backoffMs, limitReached } = child.restarts;
  return {
    name,
    hostname: start.hostname,
    port: start.port,
    neighbours: start.neighbours.map(({ name }) => name),
    state,
    linked: [...child.linked],
    seesLinks,
    restarts,
    backoffMs,
    limitReached,
    sinceMs,
  };
}
