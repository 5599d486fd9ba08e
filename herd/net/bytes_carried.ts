/**
 * Bytes that connections have carried, including those that have ended.
 *
 * @module
 */

export interface Bytes {
  /** Bytes received. */
  readonly bytesIn: number;
  /** Bytes that the socket has accepted for sending. */
  readonly bytesOut: number;
}

export function sumOfBytes(all: Iterable<Bytes>): Bytes {
  let [bytesIn, bytesOut] = [0, 0];
  for (const one of all) {
    bytesIn += one.bytesIn;
    bytesOut += one.bytesOut;
  }
  return { bytesIn, bytesOut };
}
