/**
 * CRC-32, the checksum of ISO 3309 that gzip and Ethernet use: polynomial
 * 0x04C11DB7, reflected.
 *
 * @module
 */

const POLYNOMIAL = 0xedb8_8320;
const BITS = 8;
const SIGNS = 256;
/** Bytes processed at a time, each with its own table. */
const AT_ONCE = 4;

const [T0, T1, T2, T3] = tables();

function tables(): [Uint32Array, Uint32Array, Uint32Array, Uint32Array] {
  const [first, ...others] = [0, 1, 2, 3].map(() => new Uint32Array(SIGNS));
  for (let sign = 0; sign < SIGNS; sign++) {
    let crc = sign;
    for (let bit = 0; bit < BITS; bit++) {
      crc = crc & 1 ? crc >>> 1 ^ POLYNOMIAL : crc >>> 1;
    }
    first![sign] = crc;
  }
  for (let sign = 0; sign < SIGNS; sign++) {
    let crc = first![sign]!;
    for (const table of others) {
      crc = crc >>> BITS ^ first![crc & 0xff]!;
      table[sign] = crc;
    }
  }
  return [first!, others[0]!, others[1]!, others[2]!];
}

/**
 * The checksum of bytes `start` to before `end`.
 *
 * @example The check value of the standard
 * ```ts
 * import { bytesOf } from "./bytes.ts";
 * import { crc32 } from "./crc32.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(crc32(bytesOf("123456789"), 0, 9), 0xcbf43926);
 * ```
 */
export function crc32(bytes: Uint8Array, start: number, end: number): number {
  let crc = -1;
  let at = start;
  for (const last = end - AT_ONCE; at <= last; at += AT_ONCE) {
    crc = T3[crc & 0xff ^ bytes[at]!]! ^
      T2[crc >>> 8 & 0xff ^ bytes[at + 1]!]! ^
      T1[crc >>> 16 & 0xff ^ bytes[at + 2]!]! ^
      T0[crc >>> 24 ^ bytes[at + 3]!]!;
  }
  for (; at < end; at++) {
    crc = T0[crc & 0xff ^ bytes[at]!]! ^ crc >>> BITS;
  }
  return ~crc >>> 0;
}
