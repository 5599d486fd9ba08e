/**
 * What the links of a server need, and whom they go to.
 *
 * @module
 */
import type { ByteString } from "../core/bytes/bytes.ts";
import type { Limits } from "../core/limits.ts";
import type { LinkEvent } from "../core/server_event.ts";
import type { PlantedBug } from "../core/planted_bug.ts";
import type { Tuning } from "../core/tuning.ts";
import type { ClockDifference } from "./clock_compare.ts";
import type { HandshakeOptions } from "./handshake.ts";
import type { LinkHost, NodeLink } from "./peer_session.ts";
import type { TlsTrust } from "./platform.ts";
import type { Tasks } from "./tasks.ts";

export interface Neighbour {
  readonly name: string;
  /** An IP address or a host name. */
  readonly hostname: string;
  readonly port: number;
}

export interface PeersNode {
  /** A link has come up; it is used until it is told that it is down. */
  onLinkUp(peer: ByteString): NodeLink;
}

/** How the links of a server are set up. */
export interface PeersOptions
  extends HandshakeOptions, Omit<LinkHost, "clock"> {
  /** This server's name. */
  readonly name: string;
  readonly neighbours: readonly Neighbour[];
  /** Has links be by TLS, and says who vouches for neighbours. */
  readonly tls?: TlsTrust;
  readonly limits: Limits;
  /** Constants that decide which code runs. */
  readonly tuning: Tuning;
  /** A bug that is planted on purpose. */
  readonly plantedBug?: PlantedBug;
  /** Takes charge of what goes on in the background. */
  readonly tasks: Tasks;
  /** Hears by how much a neighbour's clock differs; else they are not compared. */
  readonly onClocks?:
    | ((peer: ByteString, difference: ClockDifference) => void)
    | undefined;
  /** Hears what becomes of the links. */
  readonly onEvent: (event: LinkEvent) => void;
  /** Hears of each connection that a link has: it was opened, or is over. */
  readonly onConnection: (
    peer: ByteString,
    connection: string,
    isOpen: boolean,
  ) => void;
}
