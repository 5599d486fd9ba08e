/**
 * How programs end: their exit codes, and what is printed of what failed.
 *
 * @module
 */
import { visible } from "../../../herd/core/bytes/visible.ts";
import { Unsupported } from "../../model/unsupported.ts";
import { UsageError } from "./usage_error.ts";

/** The program can't go on, and that is no bug. The message is for the user. */
export class Ended extends Error {
  override readonly name = "Ended";
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
