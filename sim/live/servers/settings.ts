/**
 * How servers are supervised: what is asked for, and what is handed on.
 *
 * @module
 */
import type { Platform } from "../../../herd/net/platform.ts";
import type { RestartRules } from "../../model/restart.ts";
import type { HerdIncident } from "../../model/events.ts";
import type { World } from "../../worlds/world.ts";
import type { LinkFaults } from "./failed_dials.ts";

/** How a supervisor goes about it. */
export interface SupervisorOptions extends RestartRules {
  /** The machine that the supervisor runs on; Deno's by default. */
  readonly platform?: Platform;
  /** Milliseconds in which a server must be ready; 30,000 by default. */
  readonly readyMs?: number;
  /**
   * Milliseconds that an ended server may hold its port before it counts as
   * wedged; 5,000 by default.
   */
  readonly releaseMs?: number;
  /** Milliseconds of silence after which a server counts as gone; 5,000. */
  readonly silenceMs?: number;
  /** What runs the servers; threads by default. */
  readonly world?: World;
  /** Gets everything that happens, with its time in ms since the epoch. */
  readonly onIncident?: (incident: HerdIncident, atMs: number) => void;
  /** Whether two neighbours can be linked; true by default. */
  readonly isReachable?: (a: string, b: string) => boolean;
  /** What was done to a link; nothing by default. */
  readonly faultsOf?: (a: string, b: string) => LinkFaults;
}

/** What is the same for all children of one supervisor. */
export interface ChildSettings<Child> extends Required<RestartRules> {
  /** The machine that the supervisor runs on. */
  readonly platform: Platform;
  /** Milliseconds in which a server must be ready. */
  readonly readyMs: number;
  /** Milliseconds in which an ended server must let go of its port. */
  readonly releaseMs: number;
  /** Milliseconds in which a server must heed a pause. */
  readonly pauseMs: number;
  /** What runs the servers. */
  readonly world: World;
  /** Gets everything that happens to a child, with its time. */
  readonly onIncident: (incident: HerdIncident, atMs: number) => void;
  /** The neighbours that are up and that the child has no link to, and why. */
  readonly unlinked: (child: Child) => string[];
  /** Called when a child's state or links changed. */
  readonly onChange: (child: Child) => void;
}
