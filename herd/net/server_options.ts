/**
 * How a server is set up.
 *
 * @module
 */
import type { DisseminationMode } from "../core/dissemination/dissemination.ts";
import type { Durability } from "../core/durability.ts";
import type { Limits } from "../core/limits.ts";
import type { PlantedBug } from "../core/planted_bug.ts";
import type { ServerEvent } from "../core/server_event.ts";
import type { Tuning } from "../core/tuning.ts";
import type { ClockDifference } from "./clock_compare.ts";
import type { ServerTrace } from "./account.ts";
import type { HubOptions } from "./hub/hub.ts";
import type { ServerLog } from "./log.ts";
import type { Neighbour } from "./peers_options.ts";
import type { PlacesOptions } from "./places/lookup.ts";
import type { Platform, TlsIdentity, TlsTrust } from "./platform.ts";
import type { Ways } from "./ways/ways.ts";

/** How a server speaks TLS: who it is, and whom it trusts. */
export interface ServerTls extends TlsIdentity, TlsTrust {}

export interface ServerOptions {
  /** Its name in the herd: ASCII without white space. */
  readonly name: string;
  /** The address to listen on, by default `127.0.0.1`. */
  readonly hostname?: string;
  /** The port to listen on; 0 takes a free one. */
  readonly port: number;
  /** Has the port be by TLS, for clients and neighbours; and WebSockets too. */
  readonly tls?: ServerTls;
  /** Further ways in, for clients alone. */
  readonly ways?: Ways;
  readonly neighbours: readonly Neighbour[];
  /** The herd's secret: 64 hex digits or more, the same on all its servers. */
  readonly secret: string;
  /** What is allowed at most, where it is not the default. */
  readonly limits?: Partial<Limits>;
  /** Where places are looked up; without it each answer says that there is none. */
  readonly places?: PlacesOptions;
  /**
   * A folder where what is acknowledged is kept, so that it outlasts the server;
   * by default it is kept in memory alone. No two servers may have the same.
   */
  readonly dataDir?: string;
  /**
   * What an acknowledged fix outlasts; by default `disk` with a folder, and else
   * `none`.
   */
  readonly durable?: Durability;
  /** The hub that it is a gateway to; by default to none. */
  readonly hub?: HubOptions;
  /** How updates get to the other servers; by default by flooding. */
  readonly mode?: DisseminationMode;
  /** Where it is written down; by default nowhere. */
  readonly log?: ServerLog;
  /** By default on; see {@linkcode Node}. */
  readonly echoCancellation?: boolean;
  /** Constants that decide which code runs, where they are not the usual ones. */
  readonly tuning?: Partial<Tuning>;
  /** A bug that is planted on purpose; see {@linkcode Node}. */
  readonly plantedBug?: PlantedBug;
  /** The machine that it runs on; by default {@linkcode denoPlatform}. */
  readonly platform?: Platform;
  /**
   * Hears now and then by how much the clock of a neighbour differs, which is
   * seen by heartbeats; without it they are not compared.
   */
  readonly onClocks?: (peer: string, difference: ClockDifference) => void;
  readonly onEvent?: (event: ServerEvent) => void;
  /** Gets an error that nothing has caught; by default the runtime does. */
  readonly onBug?: (error: unknown) => void;
  /** Hears of every fix that comes in or goes out to a neighbour. */
  readonly trace?: ServerTrace;
}

/** @throws {RangeError} If a server can't have this name. */
export function checkName(name: string): void {
  if (/^[!-~]+$/.test(name)) return;
  throw new RangeError(
    `Cannot use the name "${name}": it must be ASCII without white space`,
  );
}
