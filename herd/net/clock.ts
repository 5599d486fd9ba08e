/**
 * The clocks that servers tell time by: one that never steps, for what is to be
 * ordered and measured, and the system's, which may.
 *
 * @module
 */

/**
 * When `performance.now()` of this thread was 0, in milliseconds since the epoch.
 * Read once: to ask for it takes longer than to ask for the time.
 */
let originMs = performance.timeOrigin;

/**
 * Milliseconds since the epoch, with a fraction, as the system's clock had it
 * when the process began. It never steps, and never goes back, whatever becomes
 * of the system's clock. Other threads of a process agree with it to
 * microseconds once {@linkcode setOrigin} was called in them; without, for as
 * long as the system's clock was not set between their starts.
 */
export function nowMs(): number {
  return originMs + performance.now();
}

/**
 * Has {@linkcode nowMs} of this thread agree with that of another one.
 *
 * @param ms What the other thread's `nowMs()` was when this one's
 * `performance.now()` was 0.
 */
export function setOrigin(ms: number): void {
  originMs = ms;
}

/** By so much the system's clock may differ before it counts as set. */
const STEP_MS = 5;
/** How often that is looked for, at most. */
const LOOK_MS = 1;

let wallOriginMs = performance.timeOrigin;
let lookedMs = -Infinity;

/**
 * The system's clock: milliseconds since the epoch, with a fraction. When it is
 * set, this follows; so two of its readings say nothing of the time between.
 */
export function wallMs(): number {
  const passedMs = performance.now();
  if (passedMs - lookedMs >= LOOK_MS) follow(passedMs);
  return wallOriginMs + passedMs;
}

/** `Date.now()` is quick but has no fraction; what has one is asked when needed. */
function follow(passedMs: number): void {
  lookedMs = passedMs;
  if (Math.abs(Date.now() - wallOriginMs - passedMs) < STEP_MS) return;
  const { epochNanoseconds } = Temporal.Now.instant();
  wallOriginMs = Number(epochNanoseconds) / 1e6 - performance.now();
}
