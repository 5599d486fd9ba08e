/**
 * Makes text from others safe to print: a terminal obeys control characters,
 * and whoever sends a line to a server must not control the terminal of the
 * person who reads it.
 *
 * @module
 */

/**
 * C0 except tab and line feed, DEL, C1, separators, and bidirectional marks.
 */
const HIDDEN =
  // deno-lint-ignore no-control-regex
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

function hexOf(character: string, digits: number): string {
  return character.charCodeAt(0).toString(16).padStart(digits, "0");
}

/**
 * A text for a terminal: characters that would control it are shown as escapes.
 *
 * @example
 * ```ts
 * import { visible } from "./visible.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(visible("\x1b[31mmüller\x9b\n"), "\\x1b[31mmüller\\x9b\n");
 * ```
 */
export function visible(text: string): string {
  return text.replace(
    HIDDEN,
    (character) =>
      character > "\xff"
        ? `\\u{${hexOf(character, 4)}}`
        : `\\x${hexOf(character, 2)}`,
  );
}

/** The same for JSON on one line. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value).replace(
    HIDDEN,
    (character) => `\\u${hexOf(character, 4)}`,
  );
}
