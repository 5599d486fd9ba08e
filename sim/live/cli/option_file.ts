/**
 * Reads files that options name.
 *
 * @module
 */
import { orUsage } from "./usage_error.ts";

/** What is at a path; `undefined` if there is nothing, or it can't be seen. */
export function statOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch {
    return undefined;
  }
}

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
