/**
 * The error of who calls a program wrongly.
 *
 * @module
 */
import { visible } from "../../../herd/core/bytes/visible.ts";
import { suggest } from "../../model/suggest.ts";

/** A command line that asks for what there is not. */
export class UsageError extends Error {
  /** The class's name, as errors print it. */
  override readonly name = "UsageError";
}

/**
 * The word of an option that takes one of a few.
 *
 * @throws {UsageError} If it takes no such word.
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
 * The whole number of an option, within limits.
 *
 * @throws {UsageError} If it is none.
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

/** Says what has ended a program, and gives the exit code for that. */
export function exitCodeOf(error: unknown): number {
  const isUsage = error instanceof UsageError;
  console.error(visible(isUsage ? error.message : Deno.inspect(error)));
  return isUsage ? EXIT_USAGE : EXIT_INTERNAL;
}
