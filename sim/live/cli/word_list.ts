/**
 * Lists of words in a help: as many in a line as an old terminal shows.
 *
 * @module
 */

/** Where what an option does begins. */
const COLUMN = 22;
const COLUMNS_MAX = 80;

/**
 * Words with commas between them, in lines that go on below where an option's
 * text begins.
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
  const lines: string[] = [];
  for (const [index, word] of words.entries()) {
    const item = index < words.length - 1 ? `${word},` : word;
    const longer = `${lines.at(-1)} ${item}`;
    const hasRoom = lines.length > 0 && COLUMN + longer.length <= COLUMNS_MAX;
    if (hasRoom) lines[lines.length - 1] = longer;
    else lines.push(item);
  }
  return lines.join(`\n${" ".repeat(COLUMN)}`);
}
