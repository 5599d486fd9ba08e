/**
 * The error of a wrong command line.
 *
 * @module
 */
import { hinted } from "../../model/suggest.ts";

/** A command line is invalid. The message is for the user. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

type ErrorKind = abstract new (...args: never[]) => Error;

/**
 * An error of these kinds as one of usage; any other error unchanged.
 *
 * @param before What its message begins with.
 */
export function usageOf(
  error: unknown,
  before = "",
  kinds: readonly ErrorKind[] = [Error],
): unknown {
  if (!(error instanceof Error)) return error;
  if (!kinds.some((kind) => error instanceof kind)) return error;
  return new UsageError(before + error.message, { cause: error });
}

/**
 * The result of a function.
 *
 * @throws {UsageError} If it throws an error of these kinds.
 */
export function orUsage<T>(
  run: () => T,
  ...about: [before?: string, kinds?: readonly ErrorKind[]]
): T {
  try {
    return run();
  } catch (error) {
    throw usageOf(error, ...about);
  }
}

/**
 * The value of an option that takes one of a few words.
 *
 * @throws {UsageError} If it is another word.
 */
export function oneOf<T extends string>(
  option: string,
  word: string,
  known: readonly T[],
): T {
  const found = known.find((one) => one === word);
  if (found !== undefined) return found;
  throw new UsageError(hinted(`--${option}: no "${word}"`, word, known));
}
