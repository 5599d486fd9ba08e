/**
 * Random numbers without a generator: each follows from its purpose.
 *
 * A shared generator would make every choice depend on all choices before it,
 * and on real threads those come in another order each time. Here the choice
 * for line 7 of a link is the same whatever else happens.
 *
 * @module
 */
import { finish, fnv1a } from "../../../herd/core/bytes/hash.ts";

/**
 * A number from 0 up to, but not including, 1: the FNV-1a hash of the seed and
 * the parts, finalized as in MurmurHash3 (Appleby), without which numbers of
 * neighbouring lines would be similar.
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
  return finish(fnv1a(`${seed}/${parts.join("/")}`)) / 2 ** 32;
}
