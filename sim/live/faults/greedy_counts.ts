/**
 * The counts of greedy clients, in memory shared with their thread: so they can
 * be read, and flags be set, however busy that thread is.
 *
 * @module
 */

/** The index of the number of lines sent. */
export const SENT = 0;
/** The index of the number of correct replies. */
export const ANSWERED = 1;
/** The index of the number of wrong replies. */
export const WRONG = 2;
/**
 * The index of the first flag; each target has one, which is set to leave it
 * alone.
 */
export const SPARED = 3;

/** Memory for the counts, followed by the flags. */
export function greedyMemory(targets: number): SharedArrayBuffer {
  return new SharedArrayBuffer(
    Int32Array.BYTES_PER_ELEMENT * (SPARED + targets),
  );
}
