/**
 * Options of a server.
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
import type { Neighbour } from "./neighbour.ts";
import type { PlacesOptions } from "./places/lookup.ts";
import type { Platform, TlsIdentity, TlsTrust } from "./platform.ts";
import type { Ways } from "./ways/ways.ts";

/** TLS of a server: its certificate, and the authorities it trusts. */
export interface ServerTls extends TlsIdentity, TlsTrust {}

export interface ServerOptions {
  /** Its name in the herd: ASCII without white space. */
  readonly name: string;
  /** The address to listen on; `127.0.0.1` by default. */
  readonly hostname?: string;
  /** The port to listen on; 0 takes a free one. */
  readonly port: number;
  /** If present, the port uses TLS, and so do WebSockets. */
  readonly tls?: ServerTls;
  /** Additional transports, for clients only. */
  readonly ways?: Ways;
  readonly neighbours: readonly Neighbour[];
  /** The herd's secret: 64 hex digits or more, the same on all its servers. */
  readonly secret: string;
  /** Limits that differ from the default. */
  readonly limits?: Partial<Limits>;
  /** The places service; without it each answer says that there is none. */
  readonly places?: PlacesOptions;
  /**
   * A folder for acknowledged fixes, so that they survive the server; by
   * default they are in memory only. No two servers may use the same folder.
   */
  readonly dataDir?: string;
  /**
   * What an acknowledged fix survives; `disk` if there is a folder, else
   * `none`.
   */
  readonly durable?: Durability;
  /** The hub that it is a gateway to; by default none. */
  readonly hub?: HubOptions;
  /** How updates get to the other servers; flooding by default. */
  readonly mode?: DisseminationMode;
  /** By default there is no log. */
  readonly log?: ServerLog;
  /** On by default; see {@linkcode Node}. */
  readonly echoCancellation?: boolean;
  /** Constants that decide which code runs, if not the default ones. */
  readonly tuning?: Partial<Tuning>;
  /** A bug that is planted on purpose; see {@linkcode Node}. */
  readonly plantedBug?: PlantedBug;
  /** The machine that it runs on; by default {@linkcode denoPlatform}. */
  readonly platform?: Platform;
  /**
   * Called now and then with the difference of a neighbour's clock, measured by
   * heartbeats; without it clocks are not compared.
   */
  readonly onClocks?: (peer: string, difference: ClockDifference) => void;
  readonly onEvent?: (event: ServerEvent) => void;
  /** Called with an uncaught error; by default the runtime handles it. */
  readonly onBug?: (error: unknown) => void;
  /** Receives every fix that arrives, or is sent to a neighbour. */
  readonly trace?: ServerTrace;
}

/** @throws {RangeError} If a server can't have this name. */
export function checkName(name: string): void {
  if (/^[!-~]+$/.test(name)) return;
  throw new RangeError(
    `Cannot use the name "${name}": it must be ASCII without white space`,
  );
}
