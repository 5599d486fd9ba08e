/**
 * The options of a herd.
 *
 * @module
 */
import type { Durability } from "../../../herd/core/durability.ts";
import type { Limits } from "../../../herd/core/limits.ts";
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import type { FurtherVia } from "../../../herd/core/wire/via.ts";
import type { PlantedBug } from "../../../herd/core/planted_bug.ts";
import type { Tuning } from "../../../herd/core/tuning.ts";
import type { LogOptions } from "../../../herd/net/log_file.ts";
import type { Platform } from "../../../herd/net/platform.ts";
import type { PlacesOptions } from "../../../herd/net/places/lookup.ts";
import type { RestartRules } from "../../model/restart.ts";
import type { HerdEvent } from "../../model/events.ts";
import type { WorldName } from "../../model/world_name.ts";
import type { HubChoice } from "../hub/herd_hub.ts";
import type { Places } from "../places/places.ts";
import type { World } from "../../worlds/world.ts";

/** Where servers log, and what. */
export interface HerdLog extends Pick<LogOptions, "level"> {
  /** The folder in which each run gets its own; the last ten are kept. */
  readonly directory: string;
  /** Called with the run's folder, before the herd starts. */
  readonly onFolder?: (path: string) => void;
}

/** The options of a herd. */
export interface HerdOptions extends RestartRules {
  /**
   * The machine that faults and clients run on; by default that of the world,
   * or else this one. Servers have threads of their own, with clocks that
   * agree.
   */
  readonly platform?: Platform;
  /**
   * What runs the servers: "threads" of this process (default), "processes",
   * one for each, or "virtual" time; or a world that outlives the herd. In
   * virtual time only the herd may be awaited: time passes as fast as it can,
   * as long as the herd runs.
   */
  readonly world?: World | WorldName;
  /**
   * "free" (default): ports that are free; "topology": those in the topology,
   * and free ones where it has 0; a number: from there on, in the order of the
   * servers.
   */
  readonly ports?: "free" | "topology" | number;
  /**
   * Further ways in for clients of each server, besides plain TCP: "tls", "ws"
   * (WebSocket), "udp"; see {@linkcode Herd.client}. Those by TLS present a
   * certificate that is made for the herd, by `openssl`.
   */
  readonly ways?: readonly FurtherVia[];
  /**
   * The secret by which links authenticate, in hex; a random one by default.
   */
  readonly secret?: string;
  /**
   * The source of places around a client. "on-demand" (default): the embedded
   * service, started by the first WHATSAT that asks; "embedded": the same,
   * started with the herd; "none"; another service; or a source that runs
   * already.
   */
  readonly places?:
    | "on-demand"
    | "embedded"
    | "none"
    | PlacesOptions
    | Places;
  /**
   * The hub that joins it with other herds: its address, or the number of a
   * hub's servers for the workbench to run; by default the topology's, else
   * none. Each part of a topology without links to the others is a herd of its
   * own.
   */
  readonly hub?: HubChoice;
  /** Where the servers log, and what; by default they do not. */
  readonly log?: HerdLog;
  /** Limits of each server; the topology's, else the defaults. */
  readonly limits?: Partial<Limits>;
  /**
   * A folder in which each server has its own for what it acknowledges; by
   * default servers keep it in memory only, and lose it when they end.
   */
  readonly dataDir?: string;
  /**
   * What an acknowledged fix outlasts: "none", "disk", "peer" or "all"; by
   * default the topology's, else "disk" with a folder, and "none" without.
   */
  readonly durable?: Durability;
  /** How updates are disseminated; by default the topology's, else "flood". */
  readonly mode?: DisseminationMode;
  /** Whether queued echoes are cancelled; true by default. */
  readonly echoCancellation?: boolean;
  /**
   * Whether each delivery at each server is recorded, for `trace()`; false by
   * default.
   */
  readonly trace?: boolean;
  /** Tuning constants that differ from the defaults. */
  readonly tuning?: Partial<Tuning>;
  /** A bug that is planted on purpose, to see that a drill finds it. */
  readonly plantedBug?: PlantedBug;
  /** Called with each event. */
  readonly onEvent?: (event: HerdEvent) => void;
  /** Milliseconds in which a server must be ready; 30,000 by default. */
  readonly readyMs?: number;
  /**
   * Whether all links have proxies from the start, ready for faults. By default
   * the first fault on a link inserts one, and the link is dialled again.
   */
  readonly linkFaults?: boolean;
  /** The seed of faults' random choices; a random one by default. */
  readonly seed?: number;
}

/** The options, once platform and world are known. */
export type PlacedOptions =
  & Omit<HerdOptions, "platform" | "world">
  & { readonly platform: Platform; readonly world: World };
