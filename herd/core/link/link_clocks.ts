/**
 * How heartbeats on a link carry clock readings.
 *
 * @module
 */

/** Compares the clocks of the two ends of a link. */
export interface LinkClocks {
  /** The number for a PING that is written now. */
  stamp(): number;
  /** A PING with this number has arrived. */
  pinged(number: number): void;
  /** A PONG has arrived, with the number of one of our PINGs. */
  ponged(number: number): void;
}
