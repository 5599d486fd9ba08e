/**
 * Work that is done in slices, so that a long piece of it does not keep
 * everything else waiting.
 *
 * It yields wherever it may be interrupted; its runner decides whether to
 * pause.
 *
 * @module
 */

/** Work with a result; at each `yield` others may have a turn. */
export type Slices<T> = Generator<void, T, void>;

/**
 * Does the work without a pause; returns its result.
 *
 * @example
 * ```ts
 * import { type Slices, whole } from "./slices.ts";
 * import { assertEquals } from "@std/assert";
 *
 * function* sum(numbers: number[]): Slices<number> {
 *   let sum = 0;
 *   for (const number of numbers) {
 *     sum += number;
 *     yield;
 *   }
 *   return sum;
 * }
 * assertEquals(whole(sum([1, 2, 3])), 6);
 * ```
 */
export function whole<T>(work: Slices<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
