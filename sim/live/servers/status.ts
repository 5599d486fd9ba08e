/**
 * Where a server stands, as a supervisor tells it.
 *
 * @module
 */
import type { FurtherVia } from "../../../herd/core/wire/via.ts";
import type { Ways } from "../../../herd/net/ways/ways.ts";
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
  /** The ports of its ways in for clients beside that, if it has such. */
  readonly ways?: Readonly<Partial<Record<FurtherVia, number>>>;
  /** The servers it is to be linked to. */
  readonly neighbours: readonly string[];
  /** Its state. */
  readonly state: ServerState;
  /** The neighbours it is linked to; none are known where links can't be seen. */
  readonly linked: readonly string[];
  /** Whether links can be seen. */
  readonly seesLinks: boolean;
  /** Whether it is linked, or to be linked, to a hub. */
  readonly isGateway: boolean;
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
    ...start.ways && { ways: portsOf(start.ways) },
    neighbours: start.neighbours.map(({ name }) => name),
    state,
    linked: [...child.linked],
    seesLinks,
    isGateway: start.hub !== undefined,
    restarts,
    backoffMs,
    limitReached,
    sinceMs,
  };
}

function portsOf({ tls, ws, udp }: Ways): Partial<Record<FurtherVia, number>> {
  return {
    ...tls && { tls: tls.port },
    ...ws && { ws: ws.port },
    ...udp && { udp: udp.port },
  };
}
