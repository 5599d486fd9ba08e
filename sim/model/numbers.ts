/**
 * The numbers that a herd is told: from what to what each may be. Beyond it the
 * platform does something else than was meant, mostly without a word.
 *
 * @module
 */

/** From what to what a number may be, both included. */
export interface Range {
  /** The least; 0 by default. */
  readonly min?: number;
  readonly max: number;
  /** Whether it counts things, so that there are no halves. */
  readonly isWhole?: true;
  /** What it is in, for errors: `ms`. */
  readonly unit?: string;
}

/** As high as anything is counted. */
export const COUNT_MAX = 1_000_000_000;

/**
 * The same number, if it is in a range.
 *
 * @param what What it is called, for the error.
 * @throws {RangeError} If it is no number, or not in the range.
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
