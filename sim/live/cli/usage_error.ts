/**
 * The error of a wrong command line.
 *
 * @module
 */
import { visible } from "../../../herd/core/bytes/visible.ts";
import { hinted } from "../../model/suggest.ts";
import { Unsupported } from "../../model/unsupported.ts";

/** A command line is invalid. The message is for the user. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The program can't go on, and that is no bug. The message is for the user. */
export class Ended extends Error {
  override readonly name = "Ended";
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
 * What comes of something that changes no verdict: its failure is printed.
 *
 * @param what What is missing then.
 */
export async function orTold<T>(
  what: string,
  tried: Promise<T> | undefined,
): Promise<T | undefined> {
  try {
    return await tried;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(visible(`no ${what}: ${error.message}`));
    return undefined;
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

/** The exit codes of programs; the last is that of shells for SIGINT. */
export const EXIT = {
  fine: 0,
  failed: 1,
  usage: 2,
  internal: 3,
  interrupted: 130,
} as const;

/** The exit code of a program; an error that has ended it is printed. */
export async function exitCodeOf(program: Promise<number>): Promise<number> {
  try {
    return await program;
  } catch (error) {
    const isUsage = error instanceof UsageError || error instanceof Unsupported;
    const isTold = isUsage || error instanceof Ended;
    console.error(visible(isTold ? error.message : Deno.inspect(error)));
    return isUsage ? EXIT.usage : EXIT.internal;
  }
}

/**
 * A program that does what its command line asks, or prints its help.
 *
 * @param run Resolves to the exit code, if that is not 0.
 */
export function programOf<Asked>(
  help: string,
  parse: (args: string[]) => Asked | "help",
  run: (asked: Asked) => Promise<number | void>,
): (args: string[]) => Promise<number> {
  const whole = async (args: string[]) => {
    const asked = parse(args);
    if (asked !== "help") return await run(asked) ?? EXIT.fine;
    console.log(help.trimEnd());
    return EXIT.fine;
  };
  return (args) => exitCodeOf(whole(args));
}
