/**
 * Bytes that connections have carried, those included that are over.
 *
 * @module
 */

export interface Bytes {
  readonly bytesIn: number;
  /** Those that the socket has taken. */
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
