/**
 * Options of a server's links, and the neighbours they go to.
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
import type { LinkHost } from "./peer_session.ts";
import type { TlsTrust } from "./platform.ts";
import type { Tasks } from "./tasks.ts";

export interface Neighbour {
  readonly name: string;
  /** An IP address or a host name. */
  readonly hostname: string;
  readonly port: number;
}

/** Options of a server's links. */
export interface PeersOptions
  extends HandshakeOptions, Omit<LinkHost, "clock"> {
  readonly name: string;
  readonly neighbours: readonly Neighbour[];
  /** If present, links use TLS, and trust these authorities. */
  readonly tls?: TlsTrust;
  readonly limits: Limits;
  /** Constants that decide which code runs. */
  readonly tuning: Tuning;
  /** A bug that is planted on purpose. */
  readonly plantedBug?: PlantedBug;
  readonly tasks: Tasks;
  /**
   * Called with the difference of a neighbour's clock; without it, clocks are
   * not compared.
   */
  readonly onClocks?:
    | ((peer: ByteString, difference: ClockDifference) => void)
    | undefined;
  /** Called when a link comes up, goes down or fails. */
  readonly onEvent: (event: LinkEvent) => void;
  /** Called when a link's connection was opened, and when it has ended. */
  readonly onConnection: (
    peer: ByteString,
    connection: string,
    isOpen: boolean,
  ) => void;
}
