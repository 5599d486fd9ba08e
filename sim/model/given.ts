/**
 * Options that may be left out.
 *
 * @module
 */

/** Values of which none is `undefined`; of named ones any may be absent. */
export type Given<T> = string extends keyof T
  ? { [K in keyof T]: Exclude<T[K], undefined> }
  : { [K in keyof T]?: Exclude<T[K], undefined> };

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
export function given<T extends object>(values: T): Given<T> {
  const entries = Object.entries(values);
  return Object.fromEntries(
    entries.filter(([, value]) => value !== undefined),
  ) as Given<T>;
}
