/**
 * The error of who calls a program wrongly.
 *
 * @module
 */

/** A command line that asks for what there is not. */
export class UsageError extends Error {
  /** The class's name, as errors print it. */
  override readonly name = "UsageError";
}
