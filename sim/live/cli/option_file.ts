/**
 * Reads files that options name.
 *
 * @module
 */
import { orUsage } from "./usage_error.ts";

/**
 * The text of the file that an option names.
 *
 * @throws {UsageError} If it can't be read.
 */
export function optionText(option: string, file: string): string {
  return orUsage(
    () => Deno.readTextFileSync(file),
    `--${option}: cannot read ${file}: `,
  );
}
