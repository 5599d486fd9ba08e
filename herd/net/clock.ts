/**
 * The clock that servers tell time by.
 *
 * @module
 */

/** Read once: to ask for it takes longer than to ask for the time. */
const ORIGIN_MS = performance.timeOrigin;

/**
 * Milliseconds since the epoch, with a fraction, agreeing across the threads of
 * a process to microseconds. Unlike `Date.now()` it never goes back.
 */
export function nowMs(): number {
  return ORIGIN_MS + performance.now();
}
