/**
 * Has a worker's clock agree with that of the thread that starts it.
 *
 * Each thread counts time from its own start, and the time of that start, its
 * origin, is read from the system's clock, which may have been set before. So
 * the starter reads how far the system's clock is ahead of its own, before the
 * worker has read it and after. If that is the same, the worker's origin by the
 * system's clock tells its origin by the starter's. Neither waits for the other.
 *
 * @module
 */
import {
  DenoClock,
  roughSystemMs,
  systemMs,
} from "../../../herd/net/deno_platform.ts";
import type { Clock } from "../../../herd/net/platform.ts";
import { ThreadTimers } from "./thread_timers.ts";

/** Two readings are the same if they differ by less; the least step is 50 ms. */
const SAME_MS = 1;
/** The quickest of this many readings is used; the first one is slow. */
const READINGS = 3;
/** A thread is taken to have waited no longer: the least step is 50 ms. */
const WAIT_MS_MAX = 40;
/** The time without a fraction is off by no more, unless something is wrong. */
const ROUGH_MS = 2;
/** Starts of a worker before it is taken as it is. */
const STARTS_MAX = 3;

/** A worker, and what its clock is set by. */
export interface Aligned<W> {
  readonly worker: W;
  /** For {@linkcode alignedOrigin}. */
  readonly systemAheadMs: number;
}

/**
 * Starts a worker so that its clock can be set. If the system's clock was set
 * meanwhile, another one is started.
 *
 * @param start Returns a worker that has read its origin, as `new Worker` does.
 */
export function startAligned<W extends Pick<Worker, "terminate">>(
  clock: Pick<Clock, "nowMs">,
  start: () => W,
): Aligned<W> {
  for (let starts = 1;; starts++) {
    const beforeMs = systemAhead(clock);
    const worker = start();
    const systemAheadMs = systemAhead(clock);
    const isSame = Math.abs(systemAheadMs - beforeMs) < SAME_MS;
    if (isSame || starts === STARTS_MAX) return { worker, systemAheadMs };
    worker.terminate();
  }
}

/** How many milliseconds the system's clock is ahead of this one. */
function systemAhead(clock: Pick<Clock, "nowMs">): number {
  let [aheadMs, leastMs] = [0, Infinity];
  for (let i = 0; i < READINGS; i++) {
    const beforeMs = clock.nowMs();
    const readMs = systemMs();
    const tookMs = clock.nowMs() - beforeMs;
    if (tookMs >= leastMs) continue;
    leastMs = tookMs;
    aheadMs = readMs - beforeMs - tookMs / 2;
  }
  return aheadMs;
}

/**
 * In the worker: the origin of a {@linkcode DenoClock} that agrees with the
 * starter's clock.
 *
 * @param systemAheadMs By how much the system's clock was ahead of the
 * starter's when this thread was started.
 */
export function alignedOrigin(systemAheadMs: number): number {
  const clock = new DenoClock();
  const originMs = clock.originMs - systemAheadMs;
  const offMs = Math.abs(roughSystemMs() - clock.nowMs());
  if (offMs < ROUGH_MS || offMs > WAIT_MS_MAX) return originMs;
  // The runtime had to wait between its readings of the system's clock and of
  // the steady one, by which it counts from there.
  return originMs + systemAhead(clock);
}

/** In the worker: timers for its server. */
export function ownTimers(): ThreadTimers {
  return new ThreadTimers(new DenoClock());
}
