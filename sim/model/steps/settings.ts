/**
 * The ranges of numbers in faults that a program begins, derived from the
 * fields in files.
 *
 * @module
 */
import { DURATION_MS } from "../duration.ts";
import { checkedNumber, type Range } from "../numbers.ts";
import { BYTES_MAX } from "../topology/size.ts";
import type { Fields } from "./fields.ts";
import type { AnyLinkFault } from "./link_faults.ts";

/** The ranges of a fault's numbers, by their names in plans. */
export type Ranges = Readonly<Record<string, Range>>;

const ABOVE_ZERO = Number.MIN_VALUE;
const BYTES: Range = { max: BYTES_MAX, isWhole: true, unit: "bytes" };

/** Replaces a codec when only its range is needed. */
class Ranged {
  readonly range: Range | undefined;

  constructor(range?: Range) {
    this.range = range;
  }

  default(): this {
    return this;
  }

  exactOptional(): this {
    return this;
  }
}

/** Makes a fault's fields without the modules that read files. */
const RANGED = {
  choice: () => new Ranged(),
  duration: (_, max = DURATION_MS.max) => new Ranged({ ...DURATION_MS, max }),
  aboveZero: () => new Ranged({ ...DURATION_MS, min: ABOVE_ZERO }),
  percent: () => new Ranged({ max: 100 }),
  share: () => new Ranged({ max: 1 }),
  size: () => new Ranged(BYTES),
  sizeAboveZero: () => new Ranged({ ...BYTES, min: 1 }),
  bandwidth: () => new Ranged({ ...BYTES, min: 1 }),
  wholeNumber: (_, min, max) => new Ranged({ min, max, isWhole: true }),
} satisfies {
  readonly [F in keyof Fields]: (...told: Parameters<Fields[F]>) => Ranged;
};

/** The ranges of the numbers of a fault of links. */
export function rangesOf({ fields, names }: AnyLinkFault): Ranges {
  const ranged: Record<string, Ranged> = fields(RANGED as never);
  return Object.fromEntries(
    Object.entries(ranged).flatMap(([field, { range }]) =>
      range === undefined ? [] : [[names[field] ?? field, range]]
    ),
  );
}

/**
 * Checks all numbers in a fault's settings.
 *
 * @throws {RangeError} If one is not a number, or not in its range.
 *
 * @example
 * ```ts
 * import { loss } from "./loss.ts";
 * import { checkSettings, rangesOf } from "./settings.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const ranges = rangesOf(loss);
 * assertThrows(() => checkSettings({ percent: 101 }, ranges), RangeError);
 * ```
 */
export function checkSettings(
  settings: Readonly<Record<string, unknown>>,
  ranges: Ranges,
): void {
  for (const [name, value] of Object.entries(settings)) {
    const range = ranges[name];
    if (range !== undefined) checkedNumber(value, name, range);
  }
}
