/**
 * The error of a wrong command line.
 *
 * @module
 */
import { visible } from "../../../herd/core/bytes/visible.ts";
import { suggest } from "../../model/suggest.ts";

/** A command line is invalid. The message is for the user. */
export class UsageError extends Error {
  override readonly name = "UsageError";
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
  const near = suggest(word, known);
  const hint = near === undefined
    ? `there is ${known.join(", ")}`
    : `did you mean ${near}?`;
  throw new UsageError(`--${option}: no "${word}", ${hint}`);
}

/**
 * A whole number as the value of an option.
 *
 * @throws {UsageError} If it is not one, or out of range.
 */
export function integer(
  option: string,
  text: string,
  min: number,
  max: number,
): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(
    `--${option}: "${text}" is no whole number from ${min} to ${max}`,
  );
}

const EXIT_USAGE = 2;
const EXIT_INTERNAL = 3;

/** Prints the error that has ended a program, and returns the exit code. */
export function exitCodeOf(error: unknown): number {
  const isUsage = error instanceof UsageError;
  console.error(visible(isUsage ? error.message : Deno.inspect(error)));
  return isUsage ? EXIT_USAGE : EXIT_INTERNAL;
}
