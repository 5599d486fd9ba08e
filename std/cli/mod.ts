/**
 * Those parts of `@std/cli` that this project uses, with the same code, from
 * npm, except for `unicodeWidth()`, whose table is missing there.
 *
 * @module
 */
import fastStringWidth from "fast-string-width";

// @ts-types="./parse_args.d.ts"
export { parseArgs } from "deno-std/cli/parse_args.js";
export type { Args, ParseOptions } from "./parse_args.d.ts";

/**
 * The columns that `str` takes on a terminal; it must not contain escape codes.
 */
export function unicodeWidth(str: string): number {
  return fastStringWidth(str);
}
