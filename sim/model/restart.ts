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

/** The policies, in the order in which they are explained. */
export const RESTART_POLICIES = [
  "permanent",
  "transient",
  "temporary",
] as const;

/**
 * Which ends are followed by a restart: `permanent` all but a stop,
 * `transient` only a crash, `temporary` none.
 */
export type RestartPolicy = typeof RESTART_POLICIES[number];

/** How a server ended: it was killed on purpose, or it crashed. */
export type Ending = "killed" | "crashed";

/** How many restarts are allowed within a period; OTP's intensity and period. */
export interface Intensity {
  /** Restarts allowed within the period: one more, and the server stays down. */
  readonly restarts: number;
  /** The period in milliseconds. */
  readonly periodMs: number;
}

/** More restarts than any period allows. */
export const RESTARTS_MAX = 1_000_000;

/** The intensity of a herd that is told no other. */
export const DEFAULT_INTENSITY: Intensity = { restarts: 3, periodMs: 5_000 };

/**
 * How long a restart is put off: `minMs` after the first crash of a period,
 * twice as long after each other one, `maxMs` at most. OTP restarts at once;
 * the wait is that of systemd's `RestartSec`, `RestartSteps` and
 * `RestartMaxDelaySec`.
 */
export interface Backoff {
  /** Milliseconds before the first restart; 0: all are at once. */
  readonly minMs: number;
  /** Milliseconds that no wait exceeds. */
  readonly maxMs: number;
}

/** The back-off of a herd that is told no other: none, as in OTP. */
export const DEFAULT_BACKOFF: Backoff = { minMs: 0, maxMs: 0 };

/** The rules by which ended servers are started again, as far as told. */
export interface RestartRules {
  /** Which ends are followed by a restart; "transient" by default. */
  readonly restart?: RestartPolicy;
  /** How many restarts within which period; 3 in 5,000 ms by default. */
  readonly intensity?: Intensity;
  /** How long restarts are put off; not at all by default. */
  readonly backoff?: Backoff;
}

/**
 * Milliseconds to wait before the restart that is number `count`, from 1,
 * within the period.
 *
 * @example It doubles, up to the greatest
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const backoff = { minMs: 100, maxMs: 500 };
 * const waits = [1, 2, 3, 4].map((count) => backoffMs(backoff, count));
 * assertEquals(waits, [100, 200, 400, 500]);
 * ```
 */
export function backoffMs({ minMs, maxMs }: Backoff, count: number): number {
  return minMs === 0 ? 0 : Math.min(minMs * 2 ** (count - 1), maxMs);
}

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
