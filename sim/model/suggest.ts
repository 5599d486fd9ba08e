/**
 * "Did you mean …?"
 *
 * @module
 */
import { closestMatch } from "leven";

/** One wrong letter in three is a typing error; more make another word. */
const LETTERS_PER_SLIP = 3;

/**
 * The candidate that `word` was most likely meant to be; `undefined` if none is
 * similar. Case is ignored.
 *
 * @example
 * ```ts
 * import { suggest } from "./suggest.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(suggest("Powel", ["Parker", "Powell"]), "Powell");
 * assertEquals(suggest("Smith", ["Parker", "Powell"]), undefined);
 * ```
 */
export function suggest(
  word: string,
  candidates: Iterable<string>,
): string | undefined {
  const lower = new Map([...candidates].map((c) => [c.toLowerCase(), c]));
  // A word with every letter wrong is another word.
  const maxDistance = Math.min(
    word.length - 1,
    Math.max(1, Math.ceil(word.length / LETTERS_PER_SLIP)),
  );
  const closest = closestMatch(word.toLowerCase(), [...lower.keys()], {
    maxDistance,
  });
  return closest === undefined ? undefined : lower.get(closest);
}

/** The hint of a problem: `did you mean Powell?`; none if nothing is near. */
export function nearHint(
  word: string,
  candidates: Iterable<string>,
): { hint?: string } {
  const near = suggest(word, candidates);
  return near === undefined ? {} : { hint: `did you mean ${near}?` };
}

/**
 * The hint of a problem: `did you mean Powell?`, or else the list of choices,
 * or nothing if there are none.
 */
export function hintFor(
  word: string,
  candidates: Iterable<string>,
): { hint?: string } {
  const all = [...candidates];
  const list = all.length === 0 ? {} : { hint: `there is ${all.join(", ")}` };
  return { ...list, ...nearHint(word, all) };
}

/** A message about an unknown word, with its hint: `no such, did you mean …?` */
export function hinted(
  message: string,
  word: string,
  candidates: Iterable<string>,
): string {
  return [message, ...Object.values(hintFor(word, candidates))].join(", ");
}
