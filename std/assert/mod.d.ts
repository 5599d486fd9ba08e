/**
 * The types of `@std/assert` 1.0, whose npm build has none.
 *
 * @module
 */

/** Any class, abstract ones too. */
// deno-lint-ignore no-explicit-any
export type AnyConstructor = abstract new (...args: any[]) => any;

/** What `constructor` makes. */
export type GetConstructorType<T extends AnyConstructor> = InstanceType<T>;

/** Objects that have a length and an index; strings are none. */
export type ArrayLikeArg<T> = ArrayLike<T> & object;

/** `undefined`, `null`, and whatever counts as `false`. */
export type Falsy = false | 0 | 0n | "" | null | undefined;

/** Thrown by every assertion that does not hold. */
export class AssertionError extends Error {
  /** An error named `AssertionError`. */
  constructor(message: string, options?: ErrorOptions);
}

/**
 * Asserts that `expr` counts as true.
 * @throws {AssertionError} If it does not.
 */
export function assert(expr: unknown, msg?: string): asserts expr;

/**
 * Asserts that `expr` counts as false.
 * @throws {AssertionError} If it does not.
 */
export function assertFalse(
  expr: unknown,
  msg?: string,
): asserts expr is Falsy;

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
 * Asserts that `actual` has every element of `expected`.
 * @throws {AssertionError} If one is missing.
 */
export function assertArrayIncludes<T>(
  actual: ArrayLikeArg<T>,
  expected: ArrayLikeArg<T>,
  msg?: string,
): void;

/**
 * Whether two values are deeply equal.
 * @throws {TypeError} If either holds a `WeakMap` or a `WeakSet`.
 */
export function equal(a: unknown, b: unknown): boolean;

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
 * @throws {AssertionError} If they are not.
 */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T;

/**
 * Asserts that two values are not the same by `Object.is()`.
 * @throws {AssertionError} If they are.
 */
export function assertNotStrictEquals<T>(
  actual: T,
  expected: T,
  msg?: string,
): void;

/**
 * Asserts that `actual` is neither `null` nor `undefined`.
 * @throws {AssertionError} If it is.
 */
export function assertExists<T>(
  actual: T,
  msg?: string,
): asserts actual is NonNullable<T>;

/**
 * Asserts that `actual` is greater than `expected`.
 * @throws {AssertionError} If it is not.
 */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void;

/**
 * Asserts that `actual` is greater than `expected`, or equal to it.
 * @throws {AssertionError} If it is not.
 */
export function assertGreaterOrEqual<T>(
  actual: T,
  expected: T,
  msg?: string,
): void;

/**
 * Asserts that `actual` is less than `expected`.
 * @throws {AssertionError} If it is not.
 */
export function assertLess<T>(actual: T, expected: T, msg?: string): void;

/**
 * Asserts that `actual` is less than `expected`, or equal to it.
 * @throws {AssertionError} If it is not.
 */
export function assertLessOrEqual<T>(
  actual: T,
  expected: T,
  msg?: string,
): void;

/**
 * Asserts that `actual` is an instance of `expectedType`.
 * @throws {AssertionError} If it is not.
 */
export function assertInstanceOf<T extends AnyConstructor>(
  actual: unknown,
  expectedType: T,
  msg?: string,
): asserts actual is GetConstructorType<T>;

/**
 * Asserts that `actual` is no instance of `unexpectedType`.
 * @throws {AssertionError} If it is one.
 */
export function assertNotInstanceOf<A, T>(
  actual: A,
  // deno-lint-ignore no-explicit-any
  unexpectedType: abstract new (...args: any[]) => T,
  msg?: string,
): asserts actual is Exclude<A, T>;

/**
 * Asserts that `error` is an `Error`, of this class and with this message.
 * @throws {AssertionError} If it is not.
 */
export function assertIsError<E extends Error = Error>(
  error: unknown,
  // deno-lint-ignore no-explicit-any
  ErrorClass?: abstract new (...args: any[]) => E,
  msgMatches?: string | RegExp,
  msg?: string,
): asserts error is E;

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
 * Asserts that `actual` does not match `expected`.
 * @throws {AssertionError} If it does.
 */
export function assertNotMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void;

/**
 * Asserts that `actual` has everything that `expected` has, deeply.
 * @throws {AssertionError} With the difference, if it has not.
 */
export function assertObjectMatch(
  // deno-lint-ignore no-explicit-any
  actual: Record<PropertyKey, any>,
  expected: Record<PropertyKey, unknown>,
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
 * Asserts that `fn` throws an error of this class whose message has
 * `msgIncludes` in it, and returns it.
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
 * Asserts that the promise of `fn` is rejected, and returns why.
 * @throws {AssertionError} If it is not, or if `fn` itself throws.
 */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
/**
 * Asserts that the promise of `fn` is rejected with an error of this class
 * whose message has `msgIncludes` in it, and returns it.
 * @throws {AssertionError} If it is not, or if `fn` itself throws.
 */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  // deno-lint-ignore no-explicit-any
  ErrorClass: abstract new (...args: any[]) => E,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;

/**
 * Fails.
 * @throws {AssertionError} Always.
 */
export function fail(msg?: string): never;

/**
 * Marks what is not there yet.
 * @throws {AssertionError} Always.
 */
export function unimplemented(msg?: string): never;

/**
 * Marks what can't be reached.
 * @throws {AssertionError} Always.
 */
export function unreachable(msg?: string): never;
