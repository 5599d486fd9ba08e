/**
 * Options that may be left out.
 *
 * @module
 */

/**
 * Those of the values that are given. With others, an option would be present
 * and `undefined`, which is not the same as absent.
 *
 * @example
 * ```ts
 * import { given } from "./given.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(given({ seed: 0, mode: undefined }), { seed: 0 });
 * ```
 */
export function given<T extends object>(
  values: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(values);
  return Object.fromEntries(
    entries.filter(([, value]) => value !== undefined),
  ) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
