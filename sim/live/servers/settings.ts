/**
 * How servers are supervised: what is asked for, and what is handed on.
 *
 * @module
 */
import type { Platform } from "../../../herd/net/platform.ts";
import type { RestartRules } from "../../model/restart.ts";
import type { HerdIncident } from "../../model/events.ts";
import type { LinkFaults } from "./failed_dials.ts";

/** How a supervisor goes about it. */
export interface SupervisorOptions extends RestartRules {
  /** The machine that the supervisor runs on; Deno's by default. */
  readonly platform?: Platform;
  /** Milliseconds in which a server must be ready; 30,000 by default. */
  readonly readyMs?: number;
  /**
   * Milliseconds that an ended worker may hold its port before it counts as
   * wedged; 5,000 by default.
   */
  readonly releaseMs?: number;
  /** Milliseconds of silence after which a server counts as gone; 5,000. */
  readonly silenceMs?: number;
  /** The module that a worker runs; the server's by default. */
  readonly module?: URL;
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
  /** Milliseconds in which an ended worker must let go of its port. */
  readonly releaseMs: number;
  /** Milliseconds in which a worker must heed a pause. */
  readonly pauseMs: number;
  /** The module that a worker runs. */
  readonly module: URL;
  /** Gets everything that happens to a child, with its time. */
  readonly onIncident: (incident: HerdIncident, atMs: number) => void;
  /** The neighbours that are up and that the child has no link to, and why. */
  readonly unlinked: (child: Child) => string[];
  /** Called when a child's state or links changed. */
  readonly onChange: (child: Child) => void;
}
