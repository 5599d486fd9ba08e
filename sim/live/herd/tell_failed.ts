/**
 * What becomes of errors that nobody waits for.
 *
 * @module
 */

/** Tells that a listener has thrown; neither the herd nor others notice. */
export function tellFailed(error: unknown): void {
  console.error("A listener of a herd's events has failed:", error);
}
