/**
 * How a herd is to be run.
 *
 * @module
 */
import type { Durability } from "../../../herd/core/durability.ts";
import type { Limits } from "../../../herd/core/limits.ts";
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import type { FurtherVia } from "../../../herd/core/wire/via.ts";
import type { PlantedBug } from "../../../herd/core/planted_bug.ts";
import type { Tuning } from "../../../herd/core/tuning.ts";
import type { LogOptions } from "../../../herd/net/log.ts";
import type { Platform } from "../../../herd/net/platform.ts";
import type { PlacesOptions } from "../../../herd/net/places/lookup.ts";
import type { RestartRules } from "../../model/restart.ts";
import type { HerdEvent } from "../../model/events.ts";
import type { WorldName } from "../../model/world_name.ts";
import type { HubChoice } from "../hub/herd_hub.ts";
import type { Places } from "../places/source.ts";
import type { World } from "../../worlds/world.ts";

/** Where servers log, and what of it. */
export interface HerdLog extends Pick<LogOptions, "level"> {
  /** The folder in which each run gets one of its own; the last ten are kept. */
  readonly directory: string;
  /** Hears which folder the run got, before the herd starts. */
  readonly onFolder?: (path: string) => void;
}

/** How a herd is to be run. */
export interface HerdOptions extends RestartRules {
  /**
   * The machine that the herd is driven on, its faults and its clients too; by
   * default the one of its world, or else this one. Servers have threads of their
   * own, and a clock that agrees.
   */
  readonly platform?: Platform;
  /**
   * What runs the servers: "threads" of this process, by default, "processes",
   * one for each, or "virtual" time; or a world that outlives the herd. In virtual
   * time nothing may be awaited but the herd: time goes on as fast as it can, for
   * as long as it runs.
   */
  readonly world?: World | WorldName;
  /**
   * "free" (default): ports that are free; "topology": those the topology
   * names, and free ones where it names 0; a number: from there on, in the
   * order of the servers.
   */
  readonly ports?: "free" | "topology" | number;
  /**
   * Ways in for clients beside plain TCP, of each server: "tls", "ws" (WebSocket),
   * "udp"; see {@linkcode Herd.client}. Those by TLS show a certificate that is
   * made for the herd, by `openssl`.
   */
  readonly ways?: readonly FurtherVia[];
  /** What links prove to each other, in hex; a fresh one by default. */
  readonly secret?: string;
  /**
   * Who answers what is around a client. "on-demand" (default): the embedded
   * service, started by the first WHATSAT that asks; "embedded": the same,
   * started along with the herd; "none": nobody; some other service; or a source
   * that runs already.
   */
  readonly places?:
    | "on-demand"
    | "embedded"
    | "none"
    | PlacesOptions
    | Places;
  /**
   * The hub that joins it with other herds: its address, or how many servers of
   * one the workbench is to run; the topology's, else none. Each part of a
   * topology that no link joins is a herd of its own.
   */
  readonly hub?: HubChoice;
  /** Where the servers log, and what of it; no log by default. */
  readonly log?: HerdLog;
  /** What a server allows at most; the topology's, else the defaults. */
  readonly limits?: Partial<Limits>;
  /**
   * A folder in which each server keeps what it acknowledges, in one of its own;
   * by default they keep it in memory alone, and lose it when they end.
   */
  readonly dataDir?: string;
  /**
   * What an acknowledged fix outlasts: "none", "disk", "peer" or "all"; the
   * topology's, else "disk" with a folder, and "none" without one.
   */
  readonly durable?: Durability;
  /** How updates get from server to server; the topology's, else "flood". */
  readonly mode?: DisseminationMode;
  /** Whether queued echoes are cancelled; true by default. */
  readonly echoCancellation?: boolean;
  /**
   * Whether each delivery at each server is recorded, for `trace()`; off unless
   * told.
   */
  readonly trace?: boolean;
  /** Constants that decide which code runs, where they are not the usual ones. */
  readonly tuning?: Partial<Tuning>;
  /** A bug that is planted on purpose, to see that a drill finds it. */
  readonly plantedBug?: PlantedBug;
  /** Gets everything that happens. */
  readonly onEvent?: (event: HerdEvent) => void;
  /** Milliseconds in which a server must be ready; 30,000 by default. */
  readonly readyMs?: number;
  /**
   * Whether proxies stand on all links from the start, ready for faults. They
   * don't by default: the first fault on a link puts one there, and has that
   * link dialled again.
   */
  readonly linkFaults?: boolean;
  /** What faults leave to chance follows from it; a fresh one by default. */
  readonly seed?: number;
}

/** The same, once it is known where it is run. */
export type PlacedOptions =
  & Omit<HerdOptions, "platform" | "world">
  & { readonly platform: Platform; readonly world: World };
