/**
 * Reads command lines the same way for all programs.
 *
 * @module
 */
import { type Args, parseArgs, type ParseOptions } from "@std/cli";
import { suggest } from "../../model/suggest.ts";
import { UsageError } from "./usage_error.ts";

/** What a program takes, besides `--help`. */
export interface CommandLine<
  Flags extends string,
  Texts extends string,
  Lists extends string,
  Defaults extends Record<string, unknown>,
> extends
  Pick<
    ParseOptions<Flags, Texts, Lists, Defaults>,
    "collect" | "default" | "stopEarly"
  > {
  /** Options with a value, which must not be empty. */
  readonly string: readonly Texts[];
  readonly boolean?: readonly Flags[];
  /** Flags that are on, unless they are given as `--no-flag`. */
  readonly negatable?: readonly string[];
  /** Whether it takes words that are no options; false by default. */
  readonly takesWords?: boolean;
}

/**
 * The options of a command line, and its other words.
 *
 * @throws {UsageError} If an option is unknown or lacks its value, or there is
 * a word and none is taken. Who asks for help is told nothing of values.
 */
export function readCommandLine<
  Texts extends string,
  Flags extends string = never,
  Lists extends string = never,
  Defaults extends Record<string, unknown> = Record<never, never>,
>(
  args: readonly string[],
  { takesWords, ...taken }: CommandLine<Flags, Texts, Lists, Defaults>,
): {
  readonly options: Args<Flags | "help", Texts, Lists, Defaults>;
  readonly words: readonly string[];
} {
  const { string: texts, boolean: flags = [], negatable = [] } = taken;
  const known = [...texts, ...flags, ...negatable.map((it) => `no-${it}`)];
  const options = parseArgs<Flags | "help", Texts, Lists, Defaults>(args, {
    ...taken,
    // Words that look like numbers stay as they are.
    string: [...texts, "_" as Texts],
    boolean: [...flags, "help"],
    unknown: (arg, name) => {
      if (name === undefined) return true;
      throw new UsageError(unknownOption(arg, name, known));
    },
  });
  const words = options._.map(String);
  if (options.help) return { options, words };
  const values: Record<string, unknown> = options;
  for (const name of texts) {
    if (values[name] === "") throw new UsageError(`--${name} needs a value`);
  }
  if (takesWords || words.length === 0) return { options, words };
  throw new UsageError(`"${words[0]}" is no option, see --help`);
}

function unknownOption(
  arg: string,
  name: string,
  known: readonly string[],
): string {
  if (name === "secret" && known.includes("secret-file")) {
    return "--secret: a command line can be read by everybody; use " +
      "--secret-file or the variable HERD_SECRET";
  }
  const near = suggest(name, known);
  const hint = near === undefined ? "see --help" : `did you mean --${near}?`;
  return `no option ${arg}, ${hint}`;
}
