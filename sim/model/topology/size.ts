/**
 * Sizes and shares in the form `10kB`, `25%`.
 *
 * @module
 */

const UNIT_BYTES: Record<string, number> = {
  "": 1,
  B: 1,
  kB: 1_000,
  KB: 1_000,
  MB: 1_000_000,
  KiB: 1_024,
  MiB: 1_048_576,
};

export const BYTES_MAX = 1_000_000_000_000;

/** A size's form, as a regular expression for editors. */
export const BYTES_PATTERN = "^\\d+(\\.\\d+)?(B|[kK]B|MB|[KM]iB)?$";

/** The form of a size, for errors and help texts. */
export const BYTES_FORMS = "512, 512B, 10kB, 64KiB, 1MB, at most 1000000MB";

/**
 * Parses a size to bytes; `undefined` if it is invalid, or too great.
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
  if (!new RegExp(BYTES_PATTERN).test(text)) return undefined;
  const bytes = parseFloat(text) * UNIT_BYTES[text.replace(/^[\d.]+/, "")]!;
  return Number.isInteger(bytes) && bytes <= BYTES_MAX ? bytes : undefined;
}

/** Bytes in the form that `parseBytes` reads, exactly: `64KiB`, `1000B`. */
export function bytesText(bytes: number): string {
  for (const unit of ["MiB", "KiB"]) {
    const each = UNIT_BYTES[unit]!;
    if (bytes > 0 && bytes % each === 0) return `${bytes / each}${unit}`;
  }
  return `${bytes}B`;
}

/**
 * Parses a percentage, `25%` or `25`; `undefined` if it is not from 0 to 100.
 */
export function parsePercent(text: string): number | undefined {
  const percent = /^(\d+(?:\.\d+)?)%?$/.exec(text)?.[1];
  return percent !== undefined && Number(percent) <= 100
    ? Number(percent)
    : undefined;
}
