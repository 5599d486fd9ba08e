/**
 * When a server that ended is started again: the rules of the OTP supervisor
 * (https://www.erlang.org/doc/system/sup_princ.html, "Restart Strategy",
 * "Maximum Restart Intensity").
 *
 * Two things differ. OTP counts the restarts of all children of a supervisor
 * together and then takes them all down; here each server is counted by
 * itself, as if it had a supervisor of its own, since the rest of the herd is
 * what one wants to watch then. And a server that was killed on purpose counts
 * as a normal end, for a drill that kills a server wants it dead.
 *
 * @module
 */

/**
 * Which ends are followed by a restart: `permanent` all but a stop,
 * `transient` only a crash, `temporary` none.
 */
export type RestartPolicy = "permanent" | "transient" | "temporary";

/** The policies, in the order in which they are explained. */
export const RESTART_POLICIES: readonly RestartPolicy[] = [
  "permanent",
  "transient",
  "temporary",
];

/** How a server ended: it was killed on purpose, or it crashed. */
export type Ending = "killed" | "crashed";

/** How many restarts are allowed within a period; OTP's intensity and period. */
export interface Intensity {
  /** Restarts allowed within the period: one more, and the server stays down. */
  readonly restarts: number;
  /** The period in milliseconds. */
  readonly periodMs: number;
}

/** The intensity of a herd that is told no other. */
export const DEFAULT_INTENSITY: Intensity = { restarts: 3, periodMs: 5_000 };

/** Whether `policy` restarts a server that ended so. */
export function wantsRestart(policy: RestartPolicy, ending: Ending): boolean {
  switch (policy) {
    case "permanent":
      return true;
    case "transient":
      return ending === "crashed";
    case "temporary":
      return false;
  }
}

/** The outcome of asking for one more restart. */
export interface RestartVerdict {
  /** Whether the server may be restarted now. */
  readonly allowed: boolean;
  /** The restarts within the period, this one last: pass them in next time. */
  readonly recentMs: readonly number[];
}

/**
 * Adds a restart at `nowMs` to the recent ones, and tells whether it is still
 * within the intensity. As in OTP, a restart exactly one period ago counts.
 *
 * @example The fourth crash in five seconds is one too many
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * let recentMs: readonly number[] = [];
 * const allowed = [0, 1_000, 2_000, 3_000].map((nowMs) => {
 *   const verdict = addRestart(recentMs, nowMs, DEFAULT_INTENSITY);
 *   recentMs = verdict.recentMs;
 *   return verdict.allowed;
 * });
 * assertEquals(allowed, [true, true, true, false]);
 * ```
 */
export function addRestart(
  recentMs: readonly number[],
  nowMs: number,
  intensity: Intensity,
): RestartVerdict {
  const thresholdMs = nowMs - intensity.periodMs;
  const kept = recentMs.filter((atMs) => atMs >= thresholdMs);
  return {
    allowed: kept.length < intensity.restarts,
    recentMs: [...kept, nowMs],
  };
}
