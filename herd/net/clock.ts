/**
 * The clock that servers tell time by.
 *
 * @module
 */

/**
 * Milliseconds since the epoch, with a fraction, agreeing across the threads of
 * a process to microseconds. Unlike `Date.now()` it never goes back.
 */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
