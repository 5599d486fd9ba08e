/**
 * The types of `parseArgs()`, whose npm build has none. What the names of the
 * options tell is typed; dotted names and `unknown` ones come as `unknown`.
 *
 * @module
 */

/** The options of {@linkcode parseArgs}. */
export interface ParseOptions<
  Booleans extends string = string,
  Strings extends string = string,
  Collected extends string = string,
  Defaults extends Record<string, unknown> = Record<string, unknown>,
> {
  /** Whether what follows `--` goes to `["--"]` rather than to `_`. */
  "--"?: boolean;
  /** Other names of an option. */
  alias?: Record<string, string | readonly string[]>;
  /** Options without a value; `true`: all that are not `--name=value`. */
  boolean?: boolean | Booleans | readonly Booleans[];
  /** Options that may be given several times. */
  collect?: Collected | readonly Collected[];
  /** What an option is when it is not given. */
  default?: Defaults;
  /** Options that `--no-name` sets to `false`. */
  negatable?: string | readonly string[];
  /** Whether everything from the first operand on goes to `_`. */
  stopEarly?: boolean;
  /** Options whose value stays a string. */
  string?: Strings | readonly Strings[];
  /** Called for each option not named here; `false` leaves it out. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** What {@linkcode parseArgs} found. */
export type Args<
  Booleans extends string = never,
  Strings extends string = never,
  Collected extends string = never,
  Defaults extends Record<string, unknown> = Record<never, never>,
> =
  & { [Name in Booleans]: Name extends Collected ? boolean[] : boolean }
  & {
    [Name in Strings]: Name extends Collected ? string[]
      : Name extends keyof Defaults ? string | Defaults[Name]
      : string | undefined;
  }
  & { [Name in Exclude<Collected, Booleans | Strings>]: unknown[] }
  & { [Name in Exclude<keyof Defaults, Booleans | Strings>]: Defaults[Name] }
  & {
    /** The operands; those that look like numbers are numbers. */
    _: (string | number)[];
    /** What followed `--`, if that was asked for. */
    "--"?: string[];
    [name: string]: unknown;
  };

/** Options and operands of a command line. */
export function parseArgs<
  Booleans extends string = never,
  Strings extends string = never,
  Collected extends string = never,
  Defaults extends Record<string, unknown> = Record<never, never>,
>(
  args: readonly string[],
  options?: ParseOptions<Booleans, Strings, Collected, Defaults>,
): Args<Booleans, Strings, Collected, Defaults>;
