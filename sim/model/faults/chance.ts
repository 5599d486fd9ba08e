/**
 * Chance without a generator: a number that follows from what it is for.
 *
 * A shared generator would make every choice depend on all choices before it,
 * and on real threads those come in another order each time. Here the choice
 * for line 7 of a link is the same whatever else happens.
 *
 * @module
 */

/**
 * A number from 0 up to, not including, 1: the FNV-1a hash of the seed and the
 * parts, with the last mix of MurmurHash3 (Appleby), without which numbers of
 * neighbouring lines would be alike.
 *
 * @example The same parts give the same number, and others another one
 * ```ts
 * import { chance } from "./chance.ts";
 * import { assertEquals, assertNotEquals } from "@std/assert";
 *
 * assertEquals(chance(7, "Alford>Parker", 1), chance(7, "Alford>Parker", 1));
 * assertNotEquals(chance(7, "Alford>Parker", 1), chance(7, "Alford>Parker", 2));
 * ```
 */
export function chance(
  seed: number,
  ...parts: readonly (string | number)[]
): number {
  return fnv(`${seed}/${parts.join("/")}`) / 2 ** 32;
}

function fnv(text: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  }
  sum = Math.imul(sum ^ (sum >>> 16), 0x85ebca6b);
  sum = Math.imul(sum ^ (sum >>> 13), 0xc2b2ae35);
  return (sum ^ (sum >>> 16)) >>> 0;
}
