/**
 * The types of `parseArgs()`, as far as this project uses it; its npm package
 * has none. Options that are named in the settings are typed; dotted names and
 * `unknown` ones are `unknown`.
 *
 * @module
 */

export interface ParseOptions<
  Booleans extends string = string,
  Strings extends string = string,
  Collected extends string = string,
  Defaults extends Record<string, unknown> = Record<string, unknown>,
> {
  /** Options without a value. */
  boolean?: readonly Booleans[];
  /** Options that may be given several times. */
  collect?: readonly Collected[];
  /** Values of options that are not given. */
  default?: Defaults;
  /** Options that `--no-name` sets to `false`. */
  negatable?: readonly string[];
  /** Whether everything from the first operand on goes to `_`. */
  stopEarly?: boolean;
  /** Options whose value stays a string. */
  string?: readonly Strings[];
  /** Called for each option not named here; `false` leaves it out. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** The result of {@linkcode parseArgs}. */
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
    [name: string]: unknown;
  };

/** Parses a command line. */
export function parseArgs<
  Booleans extends string = never,
  Strings extends string = never,
  Collected extends string = never,
  Defaults extends Record<string, unknown> = Record<never, never>,
>(
  args: readonly string[],
  options?: ParseOptions<Booleans, Strings, Collected, Defaults>,
): Args<Booleans, Strings, Collected, Defaults>;
