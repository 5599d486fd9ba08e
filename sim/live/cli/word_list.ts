/**
 * Wraps words in help texts to the width of a terminal.
 *
 * @module
 */

/** The column at which an option's text begins. */
const COLUMN = 22;
const COLUMNS_MAX = 80;

/**
 * Joins words with commas, and wraps them below the start of an option's text.
 *
 * @example
 * ```ts
 * import { wordList } from "./word_list.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(wordList(["flood", "tree"]), "flood, tree");
 * ```
 */
export function wordList(words: readonly string[]): string {
  return wrapped(words.join(", ").split(" "));
}

/** Wraps words below the start of an option's text. */
export function wrapped(words: readonly string[]): string {
  const lines: string[] = [];
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`;
    const hasRoom = lines.length > 0 && COLUMN + longer.length <= COLUMNS_MAX;
    if (hasRoom) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join(`\n${" ".repeat(COLUMN)}`);
}
