/**
 * A 64-bit hash, and sums of it: what two servers compare to learn in one line
 * whether they hold the same.
 *
 * @module
 */
import { ZERO } from "./bytes.ts";
import type { ByteWriter } from "./writer.ts";

/** An unsigned 64-bit number in two halves: a BigInt would be far slower. */
export interface Hash {
  /** The upper 32 bits. */
  readonly high: number;
  /** The lower 32 bits. */
  readonly low: number;
}

/** What a 32-bit FNV-1a hash begins with. */
export const FNV_OFFSET = 0x811c9dc5;
/** What it is multiplied by after each byte. */
export const FNV_PRIME = 0x01000193;
/** Another odd start and multiplier (MurmurHash3's), for the other half. */
const OTHER_OFFSET = 0x9747b28c;
const OTHER_PRIME = 0xcc9e2d51;

/**
 * Hashes bytes: two 32-bit multiplicative hashes side by side (the first is
 * FNV-1a), each finished as MurmurHash3 does. The finish matters: sums of bare
 * FNV hashes stay equal when two records swap their last digits.
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

/** The FNV-1a hash of a text's characters: a signed whole number of 32 bits. */
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
/** Hex digits of a hash. */
const DIGITS = 16;

/** Writes a hash as 16 hex digits. */
export function writeHash({ high, low }: Hash, out: ByteWriter): void {
  for (let shift = 28; shift >= 0; shift -= 4) writeDigit(high >>> shift, out);
  for (let shift = 28; shift >= 0; shift -= 4) writeDigit(low >>> shift, out);
}

function writeDigit(number: number, out: ByteWriter): void {
  const digit = number & 15;
  out.byte(digit < TEN ? ZERO + digit : A - TEN + digit);
}

/** Reads 16 hex digits, in lower case; `undefined` if it is not that. */
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

/** Eight hex digits as a number; -1 if one of them is none. */
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

/** 16 hex digits. */
export function hashText(hash: Hash): string {
  return hex8(hash.high) + hex8(hash.low);
}

function hex8(half: number): string {
  return half.toString(16).padStart(8, "0");
}

/** A sum of hashes, modulo 2⁶⁴. A sum and no XOR: two equal ones must not cancel. */
export class HashSum implements Hash {
  #high = 0;
  #low = 0;

  get high(): number {
    return this.#high;
  }

  get low(): number {
    return this.#low;
  }

  add(hash: Hash): void {
    const low = this.#low + hash.low;
    this.#low = low >>> 0;
    this.#high = (this.#high + hash.high + (low > 0xffffffff ? 1 : 0)) >>> 0;
  }

  /** Takes a hash out that was added before. */
  subtract(hash: Hash): void {
    const low = this.#low - hash.low;
    this.#low = low >>> 0;
    this.#high = (this.#high - hash.high - (low < 0 ? 1 : 0)) >>> 0;
  }
}

/** Many sums, in little memory. */
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

  /** Takes a hash out of sum number `at`, to which it was added before. */
  subtract(at: number, hash: Hash): void {
    const low = this.#lows[at]! - hash.low;
    this.#lows[at] = low;
    this.#highs[at]! -= hash.high + (low < 0 ? 1 : 0);
  }

  at(at: number): Hash {
    return { high: this.#highs[at]!, low: this.#lows[at]! };
  }
}
