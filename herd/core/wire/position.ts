/**
 * Positions: ISO 6709 latitude and longitude in decimal degrees, in one field.
 *
 * @module
 */
import { bytesOf, type ByteString } from "../bytes/bytes.ts";
import { decimalEnd } from "../bytes/decimal.ts";

export const LATITUDE_MAX = 90;
export const LONGITUDE_MAX = 180;

const PLUS = 43;
const MINUS = 45;

function isSign(byte: number): boolean {
  return byte === PLUS || byte === MINUS;
}

/**
 * Where the latitude of the position from `at` to `end` ends and its longitude
 * begins; -1 if there is no latitude.
 */
function latitudeEnd(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end || !isSign(bytes[at]!)) return -1;
  return decimalEnd(bytes, at + 1, end, LATITUDE_MAX);
}

/** Where the position that begins at `at` ends; -1 if there is none. */
export function positionEnd(
  bytes: Uint8Array,
  at: number,
  end: number,
): number {
  const middle = latitudeEnd(bytes, at, end);
  if (middle < 0 || middle >= end || !isSign(bytes[middle]!)) return -1;
  return decimalEnd(bytes, middle + 1, end, LONGITUDE_MAX);
}

/** Latitude and longitude of a position, each with its original digits. */
export interface Position {
  /** `+34.068930`: degrees north. */
  readonly latitude: ByteString;
  /** `-118.445127`: degrees east. */
  readonly longitude: ByteString;
}

/**
 * Splits a position in two; `undefined` if it is invalid.
 *
 * @example
 * ```ts
 * import { parsePosition } from "./position.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parsePosition("+34.068930-118.445127"), {
 *   latitude: "+34.068930",
 *   longitude: "-118.445127",
 * });
 * ```
 */
export function parsePosition(text: ByteString): Position | undefined {
  const bytes = bytesOf(text);
  if (positionEnd(bytes, 0, text.length) !== text.length) return undefined;
  const middle = latitudeEnd(bytes, 0, text.length);
  return { latitude: text.slice(0, middle), longitude: text.slice(middle) };
}
