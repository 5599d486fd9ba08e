/**
 * Makes a failing list smaller, as long as it fails: delta debugging (Zeller
 * and Hildebrandt, “Simplifying and Isolating Failure-Inducing Input”, 2002).
 *
 * @module
 */

/**
 * A failing list from which no single item can be removed without it passing.
 *
 * Pieces are removed that get smaller and smaller, from a half to one item.
 *
 * @param items A list that fails.
 * @param fails Whether a shorter list fails too. If it throws, shrinking ends.
 *
 * @example
 * ```ts
 * import { shrink } from "./shrink.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const needs = (items: readonly number[]) =>
 *   Promise.resolve(items.includes(3) && items.includes(7));
 * assertEquals(await shrink([1, 2, 3, 4, 5, 6, 7, 8], needs), [3, 7]);
 * ```
 */
export async function shrink<T>(
  items: readonly T[],
  fails: (items: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let kept = items;
  let size = Math.ceil(kept.length / 2);
  while (kept.length > 0) {
    const shorter = await withoutOnePiece(kept, size, fails);
    if (shorter !== undefined) kept = shorter;
    else if (size === 1) break;
    else size = Math.ceil(size / 2);
    size = Math.max(1, Math.min(size, kept.length));
  }
  return kept;
}

async function withoutOnePiece<T>(
  items: readonly T[],
  size: number,
  fails: (items: readonly T[]) => Promise<boolean>,
): Promise<readonly T[] | undefined> {
  // From the end: later items seldom matter for earlier ones.
  for (let end = items.length; end > 0; end -= size) {
    const shorter = items.toSpliced(
      Math.max(0, end - size),
      Math.min(size, end),
    );
    if (await fails(shorter)) return shorter;
  }
  return undefined;
}
