/**
 * A 64-bit hash and sums of it: two servers compare them in one line to learn
 * whether they hold the same.
 *
 * @module
 */
import { ZERO } from "./bytes.ts";
import type { ByteWriter } from "./writer.ts";

/**
 * An unsigned 64-bit number in two 32-bit halves: a BigInt would be far slower.
 */
export interface Hash {
  readonly high: number;
  readonly low: number;
}

/** Initial value of a 32-bit FNV-1a hash. */
export const FNV_OFFSET = 0x811c9dc5;
/** Multiplier of FNV-1a. */
export const FNV_PRIME = 0x01000193;
/** Another odd start and multiplier (MurmurHash3's) for the other half. */
const OTHER_OFFSET = 0x9747b28c;
const OTHER_PRIME = 0xcc9e2d51;

/**
 * Hashes bytes with two 32-bit multiplicative hashes (the first is FNV-1a),
 * each finalized as in MurmurHash3. The finalizer matters: sums of plain FNV
 * hashes stay equal when two records swap their last digits.
 */
export function hashOf(bytes: Uint8Array, start: number, end: number): Hash {
  let low = FNV_OFFSET;
  let high = OTHER_OFFSET;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    low = Math.imul(low ^ byte, FNV_PRIME);
    high = Math.imul((high << 13 | high >>> 19) ^ byte, OTHER_PRIME);
  }
  return { high: finish(high ^ (end - start)), low: finish(low ^ high) };
}

/** The FNV-1a hash of a text's characters, as a signed 32-bit integer. */
export function fnv1a(text: string): number {
  let hash = FNV_OFFSET;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  }
  return hash;
}

/** The finalizer of MurmurHash3 (Appleby, public domain). */
export function finish(half: number): number {
  half = Math.imul(half ^ (half >>> 16), 0x85ebca6b);
  half = Math.imul(half ^ (half >>> 13), 0xc2b2ae35);
  return (half ^ (half >>> 16)) >>> 0;
}

const NINE = 57;
const A = 97;
const F = 102;
const TEN = 10;
/** Hex digits of one hash. */
const DIGITS = 16;

export function writeHash({ high, low }: Hash, out: ByteWriter): void {
  for (let shift = 28; shift >= 0; shift -= 4) writeDigit(high >>> shift, out);
  for (let shift = 28; shift >= 0; shift -= 4) writeDigit(low >>> shift, out);
}

function writeDigit(number: number, out: ByteWriter): void {
  const digit = number & 15;
  out.byte(digit < TEN ? ZERO + digit : A - TEN + digit);
}

/** Reads 16 lower-case hex digits; `undefined` if they are anything else. */
export function readHash(
  bytes: Uint8Array,
  start: number,
  end: number,
): Hash | undefined {
  if (end - start !== DIGITS) return undefined;
  const middle = start + DIGITS / 2;
  const [high, low] = [half(bytes, start, middle), half(bytes, middle, end)];
  return high < 0 || low < 0 ? undefined : { high, low };
}

/** Reads eight hex digits; -1 if one of them is not a digit. */
function half(bytes: Uint8Array, start: number, end: number): number {
  let number = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= ZERO && byte <= NINE) number = number << 4 | byte - ZERO;
    else if (byte >= A && byte <= F) number = number << 4 | byte - A + TEN;
    else return -1;
  }
  return number >>> 0;
}

/** A hash as 16 hex digits. */
export function hashText(hash: Hash): string {
  return hex8(hash.high) + hex8(hash.low);
}

function hex8(half: number): string {
  return half.toString(16).padStart(8, "0");
}

/**
 * Sums of hashes, modulo 2⁶⁴. In an XOR, two equal ones would cancel out.
 */
export class HashSums {
  readonly #highs: Uint32Array;
  readonly #lows: Uint32Array;

  constructor(count: number) {
    this.#highs = new Uint32Array(count);
    this.#lows = new Uint32Array(count);
  }

  add(at: number, hash: Hash): void {
    const low = this.#lows[at]! + hash.low;
    this.#lows[at] = low;
    this.#highs[at]! += hash.high + (low > 0xffffffff ? 1 : 0);
  }

  /** Subtracts a hash that was added to sum number `at` before. */
  subtract(at: number, hash: Hash): void {
    const low = this.#lows[at]! - hash.low;
    this.#lows[at] = low;
    this.#highs[at]! -= hash.high + (low < 0 ? 1 : 0);
  }

  at(at: number): Hash {
    return { high: this.#highs[at]!, low: this.#lows[at]! };
  }
}
