/**
 * Reports errors of listeners.
 *
 * @module
 */

/** Prints that a listener has thrown. The herd and other listeners go on. */
export function tellFailed(error: unknown): void {
  console.error("A listener of a herd's events has failed:", error);
}
