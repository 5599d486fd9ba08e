/**
 * That a herd can't be as somebody wants it.
 *
 * @module
 */

/** What was asked for, and why these servers or this topology can't have it. */
export class Unsupported extends RangeError {
  /** The class's name, as errors print it. */
  override readonly name = "Unsupported";
}
