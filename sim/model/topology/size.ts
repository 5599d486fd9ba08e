/**
 * Sizes and shares as people write them: `10kB`, `25%`.
 *
 * @module
 */

const UNIT_BYTES: Record<string, number> = {
  "": 1,
  B: 1,
  kB: 1_000,
  KB: 1_000,
  MB: 1_000_000,
};

/** The greatest size. */
export const BYTES_MAX = 1_000_000_000_000;

/** What a size may look like, for errors and help texts. */
export const BYTES_FORMS = "512, 512B, 10kB, 1MB, at most 1000000MB";

/**
 * The bytes of a size; `undefined` if it is none, or too great.
 *
 * @example
 * ```ts
 * import { parseBytes } from "./size.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseBytes("1.5kB"), 1_500);
 * assertEquals(parseBytes("1.5"), undefined);
 * ```
 */
export function parseBytes(text: string): number | undefined {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)(B|[kK]B|MB)?$/.exec(text) ??
    [];
  const bytes = Number(number) * UNIT_BYTES[unit]!;
  return Number.isInteger(bytes) && bytes <= BYTES_MAX ? bytes : undefined;
}

/** A share in percent, `25%` or `25`; `undefined` if it is none from 0 to 100. */
export function parsePercent(text: string): number | undefined {
  const percent = /^(\d+(?:\.\d+)?)%?$/.exec(text)?.[1];
  return percent !== undefined && Number(percent) <= 100
    ? Number(percent)
    : undefined;
}
