/**
 * The settings of supervision: options, and what each child gets.
 *
 * @module
 */
import type { Platform } from "../../../herd/net/platform.ts";
import { checkedMs } from "../../model/duration.ts";
import { checkedNumber } from "../../model/numbers.ts";
import {
  DEFAULT_BACKOFF,
  DEFAULT_INTENSITY,
  type RestartRules,
  RESTARTS_MAX,
} from "../../model/restart.ts";
import { threads } from "../../worlds/threads/threads.ts";
import type { HerdIncident } from "../../model/events.ts";
import type { World } from "../../worlds/world.ts";
import type { LinkFaults } from "./failed_dials.ts";

/** The options of a supervisor. */
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
  /**
   * Milliseconds of silence after which a server counts as gone; 5,000 by
   * default.
   */
  readonly silenceMs?: number;
  /** What runs the servers; threads by default. */
  readonly world?: World;
  /** Called for each event, with its time in milliseconds since the epoch. */
  readonly onIncident?: (incident: HerdIncident, atMs: number) => void;
  /** Whether two neighbours can be linked; true by default. */
  readonly isReachable?: (a: string, b: string) => boolean;
  /** The faults on a link; none by default. */
  readonly faultsOf?: (a: string, b: string) => LinkFaults;
}

/** On a busy machine a large herd takes long to start; giving up costs more. */
const READY_MS = 30_000;
const SILENCE_MS = 5_000;
/**
 * A worker releases its port within a millisecond when idle, but on a busy
 * machine its thread may have to wait: with two dozen killed at once, two
 * seconds were measured. Waiting in vain costs a drill a moment; calling a
 * healthy server wedged fails it.
 */
const RELEASE_MS = 5_000;

/**
 * The options with their defaults.
 *
 * @throws {RangeError} If a number is invalid, or a time exceeds what a timer
 * takes.
 */
export function checkedOptions(
  options: SupervisorOptions & Pick<Required<SupervisorOptions>, "platform">,
): Required<SupervisorOptions> {
  const all = {
    readyMs: READY_MS,
    releaseMs: RELEASE_MS,
    silenceMs: SILENCE_MS,
    restart: "transient" as const,
    intensity: DEFAULT_INTENSITY,
    backoff: DEFAULT_BACKOFF,
    world: options.world ?? threads(),
    onIncident: () => {},
    isReachable: () => true,
    faultsOf: () => ({ lasting: [], resetsMs: [] }),
    ...options,
  };
  const { silenceMs, readyMs, releaseMs, intensity, backoff } = all;
  const { restarts, periodMs } = intensity;
  const times = { silenceMs, readyMs, releaseMs, ...backoff, periodMs };
  for (const [name, ms] of Object.entries(times)) checkedMs(ms, name);
  checkedNumber(restarts, "restarts", { max: RESTARTS_MAX, isWhole: true });
  return all;
}

/** The settings that all children of a supervisor share. */
export interface ChildSettings<Child> extends
  Required<
    Omit<SupervisorOptions, "faultsOf" | "isReachable" | "silenceMs">
  > {
  /** Milliseconds in which a server must confirm a pause. */
  readonly pauseMs: number;
  /**
   * The neighbours that are up but not linked to the child, with the reasons.
   */
  readonly unlinked: (child: Child) => string[];
  /** Called when a child's state or links have changed. */
  readonly onChange: (child: Child) => void;
}
