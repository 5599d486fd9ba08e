/**
 * What greedy clients have done by now, in memory that their thread shares: so
 * it is seen, and they are told, however busy that is.
 *
 * @module
 */

/** Where it is counted how many lines were sent. */
export const SENT = 0;
/** Replies as they must be. */
export const ANSWERED = 1;
/** Replies that begin with something else. */
export const WRONG = 2;
/** One for each target: whether it is to be left alone. */
export const SPARED = 3;

/** Memory for the counts, and behind them for who is to be spared. */
export function greedyMemory(targets: number): SharedArrayBuffer {
  return new SharedArrayBuffer(
    Int32Array.BYTES_PER_ELEMENT * (SPARED + targets),
  );
}
