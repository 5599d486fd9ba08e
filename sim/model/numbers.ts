/**
 * The ranges of numbers that users may set. Beyond them the platform does
 * something else than was meant, mostly silently.
 *
 * @module
 */

/** A range of numbers, both ends included. */
export interface Range {
  /** The minimum; 0 by default. */
  readonly min?: number;
  readonly max: number;
  /** Whether only integers are allowed. */
  readonly isWhole?: true;
  /** The unit, for errors: `ms`. */
  readonly unit?: string;
}

/** Upper bound of all counts. */
export const COUNT_MAX = 1_000_000_000;

/**
 * Returns `value` if it is in the range.
 *
 * @param what Name of the value, for the error.
 * @throws {RangeError} If it is not a number, or not in the range.
 *
 * @example
 * ```ts
 * import { checkedNumber } from "./numbers.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const share = { max: 100, unit: "%" };
 * assertThrows(() => checkedNumber(NaN, "percent", share), RangeError);
 * ```
 */
export function checkedNumber(
  value: unknown,
  what: string,
  { min = 0, max, isWhole, unit }: Range,
): number {
  const isIn = typeof value === "number" && value >= min && value <= max &&
    (!isWhole || Number.isInteger(value));
  if (isIn) return value;
  throw new RangeError(
    `Cannot take ${what} ${value}: it must be ` +
      `${isWhole ? "a whole number " : ""}from ${min} to ${max}` +
      (unit === undefined ? "" : ` ${unit}`),
  );
}
