/**
 * What the links of a server need, and whom they go to.
 *
 * @module
 */
import type { ByteString } from "../core/bytes/bytes.ts";
import type { Limits } from "../core/limits.ts";
import type { LinkCounts } from "../core/link/link.ts";
import type { LinkEvent } from "../core/server_event.ts";
import type { HandshakeOptions } from "./handshake.ts";
import type { LinkHost, LinkNode } from "./peer_session.ts";
import type { Tasks } from "./tasks.ts";

/** A neighbour and where it listens. */
export interface Neighbour {
  /** The server's name. */
  readonly name: string;
  /** An IP address or a host name. */
  readonly hostname: string;
  /** The port that it listens on. */
  readonly port: number;
}

/** What the links need of the node. */
export interface PeersNode extends LinkNode {
  /** A link has come up. */
  onLinkUp(peer: ByteString): void;
  /** A link has gone down. */
  onLinkDown(peer: ByteString): void;
  /** What is counted of a link that is up. */
  countsOf(peer: ByteString): LinkCounts | undefined;
  /** Once a second and link: `false` if the neighbour has stopped answering. */
  beat(peer: ByteString): boolean;
}

/** How the links of a server are set up. */
export interface PeersOptions
  extends HandshakeOptions, Omit<LinkHost, "clock"> {
  /** This server's name. */
  readonly name: string;
  /** Its neighbours. */
  readonly neighbours: readonly Neighbour[];
  /** What is allowed at most. */
  readonly limits: Limits;
  /** Takes charge of what goes on in the background. */
  readonly tasks: Tasks;
  /** Hears what becomes of the links. */
  readonly onEvent: (event: LinkEvent) => void;
  /** Hears of each connection that a link has: it was opened, or is over. */
  readonly onConnection: (
    peer: ByteString,
    connection: string,
    isOpen: boolean,
  ) => void;
}
