/**
 * The status of a server, as its supervisor knows it.
 *
 * @module
 */
import { given } from "../../model/given.ts";
import type { FurtherVia } from "../../../herd/core/wire/via.ts";
import type { Ways } from "../../../herd/net/ways/ways.ts";
import type { ServerState } from "../../model/lifecycle.ts";
import type { Child } from "./child.ts";

/** The status of one server. */
export interface ServerStatus {
  /** Unique in its herd. */
  readonly name: string;
  /** The address it listens on. */
  readonly hostname: string;
  /** The port it listens on. */
  readonly port: number;
  /** The ports for other transports, if it has any. */
  readonly ways?: Readonly<Partial<Record<FurtherVia, number>>>;
  /** The servers to which it should have links. */
  readonly neighbours: readonly string[];
  /** Its state, such as `up`. */
  readonly state: ServerState;
  /**
   * The neighbours to which its links are up; empty where links can't be
   * observed.
   */
  readonly linked: readonly string[];
  /** Whether links can be observed. */
  readonly seesLinks: boolean;
  /** Whether it is a gateway to a hub. */
  readonly isGateway: boolean;
  /** How often it was restarted after it ended by itself. */
  readonly restarts: number;
  /** Milliseconds from its end to its last restart; 0 before the first. */
  readonly backoffMs: number;
  /** Whether it crashed too often, and stays down for that. */
  readonly limitReached: boolean;
  /** When it entered its state, in milliseconds since the epoch. */
  readonly sinceMs: number;
}

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
  return given({ tls: tls?.port, ws: ws?.port, udp: udp?.port });
}
