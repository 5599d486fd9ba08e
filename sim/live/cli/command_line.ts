/**
 * Reads command lines the same way for all programs.
 *
 * @module
 */
import { type Args, parseArgs, type ParseOptions } from "@std/cli";
import { suggest } from "../../model/suggest.ts";
import { oneOf, UsageError } from "./usage_error.ts";

/**
 * Reads the value of an option.
 *
 * @throws {UsageError} If it is invalid.
 */
export type Reader<T> = (option: string, text: string) => T;

/** What options of these readers give. */
export type ValuesOf<Readers> = {
  [Name in keyof Readers]: Readers[Name] extends Reader<infer T> ? T | undefined
    : never;
};

/** Takes any text that is not empty. */
export const anyText: Reader<string> = (_, text) => text;

/** Takes one of a few words. */
export function oneWordOf<T extends string>(known: readonly T[]): Reader<T> {
  return (option, text) => oneOf(option, text, known);
}

/** Takes a whole number. */
export function wholeNumber(min: number, max: number): Reader<number> {
  return (option, text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    throw new UsageError(
      `--${option}: "${text}" is no whole number from ${min} to ${max}`,
    );
  };
}

/** What a program takes, besides `--help`. */
export interface CommandLine<
  Flags extends string,
  Texts extends string,
  Lists extends string,
  Defaults extends Record<string, unknown>,
  Readers extends Record<string, Reader<unknown>>,
> extends
  Pick<
    ParseOptions<Flags, Texts, Lists, Defaults>,
    "collect" | "default" | "stopEarly"
  > {
  /** Options with a value, which must not be empty, as they are given. */
  readonly string?: readonly Texts[];
  /** The same, and what reads each. */
  readonly values?: Readers;
  readonly boolean?: readonly Flags[];
  /** Flags that are on, unless they are given as `--no-flag`. */
  readonly negatable?: readonly string[];
  /** Whether it takes words that are no options; false by default. */
  readonly takesWords?: boolean;
}

/**
 * The options of a command line, and its other words.
 *
 * @throws {UsageError} If an option is unknown or lacks its value, a flag has
 * one, or there is a word and none is taken. Who asks for help is told nothing
 * of values.
 */
export function readCommandLine<
  Texts extends string = never,
  Flags extends string = never,
  Lists extends string = never,
  Defaults extends Record<string, unknown> = Record<never, never>,
  Readers extends Record<string, Reader<unknown>> = Record<never, never>,
>(
  args: readonly string[],
  { takesWords, values: readers, ...taken }: CommandLine<
    Flags,
    Texts,
    Lists,
    Defaults,
    Readers
  >,
): {
  readonly options:
    & Args<Flags | "help", Texts, Lists, Defaults>
    & ValuesOf<Readers>;
  readonly words: readonly string[];
} {
  const { boolean = [], negatable = [] } = taken;
  const flags: readonly string[] = [
    ...boolean,
    ...negatable.map((it) => `no-${it}`),
  ];
  const texts = [...Object.keys(readers ?? {}), ...taken.string ?? []];
  const known = [...texts, ...flags];
  const parsed = parseArgs<Flags | "help", Texts, Lists, Defaults>(args, {
    ...taken,
    // Words that look like numbers stay as they are.
    string: [...texts, "_"] as Texts[],
    boolean: [...boolean, "help"],
    unknown: (arg, name) => {
      if (name === undefined) return true;
      throw new UsageError(unknownOption(arg, name, known));
    },
  });
  const words = parsed._.map(String);
  const options = parsed as typeof parsed & ValuesOf<Readers>;
  if (options.help) return { options, words };
  const values: Record<string, unknown> = options;
  const flag = args.find((arg) =>
    !words.includes(arg) && hasOddValue(arg, flags)
  );
  if (flag !== undefined) {
    throw new UsageError(`${flag.split("=", 1)[0]} takes no value`);
  }
  for (const name of texts) {
    if (values[name] === "") throw new UsageError(`--${name} needs a value`);
  }
  if (!takesWords && words.length > 0) {
    throw new UsageError(`"${words[0]}" is no option, see --help`);
  }
  for (const [name, read] of Object.entries(readers ?? {})) {
    const text = values[name];
    if (text !== undefined) values[name] = read(name, String(text));
  }
  return { options, words };
}

/** Whether a flag is given a value, other than whether it is on. */
function hasOddValue(arg: string, flags: readonly string[]): boolean {
  const [, name = "", value] = /^--([^=]+)=(.*)$/s.exec(arg) ?? [];
  if (value === undefined || !flags.includes(name)) return false;
  return name.startsWith("no-") || !["true", "false"].includes(value);
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
