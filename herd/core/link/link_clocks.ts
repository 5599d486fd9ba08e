/**
 * How heartbeats of a link carry the time.
 *
 * @module
 */

/** What compares the clocks of both ends of a link. */
export interface LinkClocks {
  /** The number of a PING that is written now. */
  stamp(): number;
  /** The number of a PING that has come. */
  pinged(number: number): void;
  /** The number of a PONG that has come: that of a PING of ours. */
  ponged(number: number): void;
}
