/**
 * Output that is put together byte by byte and leaves in one write.
 *
 * @module
 */
import { ByteBlock, copyBytes } from "./block.ts";
import type { ByteString } from "./bytes.ts";

const SIZE_MIN = 256;
/** A larger buffer is not kept when it has been emptied. */
const SIZE_KEPT_MAX = 262_144;
const NINE_DIGITS_END = 1_000_000_000;
const ZERO = 48;
const DOT = 46;
/** A sign, 16 digits, a point and nine more. */
const DECIMAL_BYTES_MAX = 27;
/** The two digits of 0 to 99, as they are written in one go. */
const PAIRS = Uint16Array.from(
  { length: 100 },
  (_, number) => ZERO + Math.floor(number / 10) | (ZERO + number % 10) << 8,
);

/** A buffer that grows as it is written. */
export class ByteWriter {
  #block = new ByteBlock(new Uint8Array(0));
  #length = 0;

  /** Where the bytes are; it changes as the writer grows. */
  get block(): ByteBlock {
    return this.#block;
  }

  /** The number of bytes written. */
  get length(): number {
    return this.#length;
  }

  /** What was written. It is valid until the next write. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#block.bytes.subarray(0, this.#length);
  }

  /** Forgets what was written; the memory is used again. */
  clear(): void {
    this.#length = 0;
    if (this.#block.bytes.length > SIZE_KEPT_MAX) {
      this.#block = new ByteBlock(new Uint8Array(0));
    }
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed > this.#block.bytes.length) this.#grow(needed);
  }

  #grow(needed: number): void {
    const { bytes } = this.#block;
    const grown = new Uint8Array(Math.max(SIZE_MIN, bytes.length * 2, needed));
    grown.set(this.bytes);
    this.#block = new ByteBlock(grown);
  }

  /** Writes one byte. */
  byte(byte: number): void {
    this.#reserve(1);
    this.#block.bytes[this.#length++] = byte;
  }

  /** Writes `from` to before `to` of a block. */
  copy(source: ByteBlock, from: number, to: number): void {
    this.#reserve(to - from);
    this.#length = copyBytes(source, from, to, this.#block, this.#length);
  }

  /** Writes a text. */
  text(text: ByteString): void {
    this.#reserve(text.length);
    const { bytes } = this.#block;
    const start = this.#length;
    for (let i = 0; i < text.length; i++) {
      bytes[start + i] = text.charCodeAt(i);
    }
    this.#length = start + text.length;
  }

  /**
   * Writes a number with nine decimals: a sign, `whole` from 0 to 2⁵³ - 1, a
   * point, and `nanos` from 0 to 999,999,999.
   */
  decimal(sign: number, whole: number, nanos: number): void {
    this.#reserve(DECIMAL_BYTES_MAX);
    const block = this.#block;
    let at = this.#length;
    block.bytes[at++] = sign;
    if (whole >= NINE_DIGITS_END) {
      const head = Math.floor(whole / NINE_DIGITS_END);
      at = putNumber(block, at, head);
      at = putNineDigits(block, at, whole - head * NINE_DIGITS_END);
    } else at = putNumber(block, at, whole);
    block.bytes[at++] = DOT;
    this.#length = putNineDigits(block, at, nanos);
  }
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

/** Writes a number below 10⁹ with all its nine digits; returns where it ends. */
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

/** The four digits of a number below 10⁴ as they lie in memory. */
function fourDigits(number: number): number {
  const hundreds = (number / 100) | 0;
  return PAIRS[hundreds]! | PAIRS[number - hundreds * 100]! << 16;
}
