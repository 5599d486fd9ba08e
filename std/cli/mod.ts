/**
 * Stand-in for `@std/cli`: of the very same code, from npm, what this project
 * uses, but for `unicodeWidth()`, whose table is missing there.
 *
 * @module
 */
import fastStringWidth from "fast-string-width";

// @ts-types="./parse_args.d.ts"
export { parseArgs } from "deno-std/cli/parse_args.js";
export type { Args, ParseOptions } from "./parse_args.d.ts";

/** The columns that `str` takes on a terminal; it holds no escape codes. */
export function unicodeWidth(str: string): number {
  return fastStringWidth(str);
}
