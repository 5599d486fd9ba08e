/**
 * The error of who calls a program wrongly.
 *
 * @module
 */
import { visible } from "../../../herd/core/bytes/visible.ts";

/** A command line that asks for what there is not. */
export class UsageError extends Error {
  /** The class's name, as errors print it. */
  override readonly name = "UsageError";
}

const EXIT_USAGE = 2;
const EXIT_INTERNAL = 3;

/** Says what has ended a program, and gives the exit code for that. */
export function exitCodeOf(error: unknown): number {
  const isUsage = error instanceof UsageError;
  console.error(visible(isUsage ? error.message : Deno.inspect(error)));
  return isUsage ? EXIT_USAGE : EXIT_INTERNAL;
}
