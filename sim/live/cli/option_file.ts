/**
 * Reads files that options name.
 *
 * @module
 */
import { UsageError } from "./usage_error.ts";

/**
 * The text of the file that an option names.
 *
 * @throws {UsageError} If it can't be read.
 */
export function optionText(option: string, file: string): string {
  try {
    return Deno.readTextFileSync(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--${option}: cannot read ${file}: ${why}`);
  }
}
