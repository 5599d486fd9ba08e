/**
 * Writes numbers as digits into memory that has room for them.
 *
 * @module
 */
import { ZERO } from "./bytes.ts";
import type { ByteBlock } from "./block.ts";

const NINE_DIGITS_END = 1_000_000_000;
const DOT = 46;
/** The digit pairs 00 to 99, each written as one 16-bit word. */
const PAIRS = Uint16Array.from(
  { length: 100 },
  (_, number) => ZERO + Math.floor(number / 10) | (ZERO + number % 10) << 8,
);

/**
 * Bytes of the longest decimal: a sign, 16 digits, a point and nine decimals.
 */
export const DECIMAL_BYTES_MAX = 27;

/**
 * Writes a number with nine decimals at `at`: a sign, `whole` from 0 to 2⁵³ -
 * 1, a point, and `nanos` from 0 to 999,999,999. Returns where it ends.
 */
export function putDecimal(
  block: ByteBlock,
  at: number,
  sign: number,
  whole: number,
  nanos: number,
): number {
  block.bytes[at++] = sign;
  if (whole >= NINE_DIGITS_END) {
    const head = Math.floor(whole / NINE_DIGITS_END);
    at = putNumber(block, at, head);
    at = putNineDigits(block, at, whole - head * NINE_DIGITS_END);
  } else at = putNumber(block, at, whole);
  block.bytes[at++] = DOT;
  return putNineDigits(block, at, nanos);
}

/** Writes a number below 10⁹; returns where it ends. */
function putNumber(block: ByteBlock, start: number, number: number): number {
  let rest = number | 0;
  let end = start + 1;
  for (let power = 10; power <= rest; power *= 10) end++;
  let at = end;
  while (rest >= 100) {
    const hundreds = (rest / 100) | 0;
    block.words.setUint16(at -= 2, PAIRS[rest - hundreds * 100]!, true);
    rest = hundreds;
  }
  if (rest < 10) block.bytes[start] = ZERO + rest;
  else block.words.setUint16(start, PAIRS[rest]!, true);
  return end;
}

/** Writes a number below 10⁹ with nine digits; returns where it ends. */
function putNineDigits(
  { bytes, words }: ByteBlock,
  start: number,
  number: number,
): number {
  const nine = number | 0;
  const high = (nine / 100_000) | 0;
  const low = nine - high * 100_000;
  const tens = (low / 10) | 0;
  words.setInt32(start, fourDigits(high), true);
  words.setInt32(start + 4, fourDigits(tens), true);
  bytes[start + 8] = ZERO + low - tens * 10;
  return start + 9;
}

/**
 * The four digits of a number below 10⁴ as one 32-bit word, in memory order.
 */
function fourDigits(number: number): number {
  const hundreds = (number / 100) | 0;
  return PAIRS[hundreds]! | PAIRS[number - hundreds * 100]! << 16;
}
