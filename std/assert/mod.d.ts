/**
 * The types of `@std/assert` 1.0, whose npm package has none.
 *
 * @module
 */

/** Thrown by every assertion that does not hold. */
export class AssertionError extends Error {
  constructor(message: string, options?: ErrorOptions);
}

/**
 * Asserts that `expr` is truthy.
 *
 * @throws {AssertionError} If it is not.
 */
export function assert(expr: unknown, msg?: string): asserts expr;

/**
 * Asserts that two numbers differ by no more than `tolerance`, which is by
 * default a ten-millionth of `expected`.
 * @throws {AssertionError} If they do not.
 */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void;

/**
 * Asserts that two values are deeply equal.
 * @throws {AssertionError} With their difference, if they are not.
 */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void;

/**
 * Asserts that two values are not deeply equal.
 * @throws {AssertionError} If they are.
 */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void;

/**
 * Asserts that two values are the same by `Object.is()`.
 *
 * @throws {AssertionError} If they are not.
 */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T;

/**
 * Asserts that `actual` matches `expected`.
 * @throws {AssertionError} If it does not.
 */
export function assertMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void;

/**
 * Asserts that `actual` contains `expected`.
 * @throws {AssertionError} If it does not.
 */
export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void;

/**
 * Asserts that `fn` throws, and returns what it threw.
 * @throws {AssertionError} If it does not throw.
 */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/**
 * Asserts that `fn` throws an error of this class whose message contains
 * `msgIncludes`, and returns the error.
 *
 * @throws {AssertionError} If it does not.
 */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  // deno-lint-ignore no-explicit-any
  ErrorClass: abstract new (...args: any[]) => E,
  msgIncludes?: string,
  msg?: string,
): E;

/**
 * Asserts that the promise of `fn` is rejected, and returns the reason.
 *
 * @throws {AssertionError} If it is not, or if `fn` itself throws.
 */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
/**
 * Asserts that the promise of `fn` is rejected with an error of this class
 * whose message contains `msgIncludes`, and returns the error.
 *
 * @throws {AssertionError} If it is not, or if `fn` itself throws.
 */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  // deno-lint-ignore no-explicit-any
  ErrorClass: abstract new (...args: any[]) => E,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;

/** @throws {AssertionError} Always. */
export function fail(msg?: string): never;
