/**
 * Work that is done a slice at a time, so that a long piece of it does not keep
 * all else waiting.
 *
 * Where it may be interrupted it yields; whoever runs it decides whether to.
 *
 * @module
 */

/** Work with a result; each `yield` is a place where others may have a turn. */
export type Slices<T> = Generator<void, T, void>;

/**
 * The result of work that is done without a pause.
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
