/**
 * Positions: ISO 6709 latitude and longitude in decimal degrees, one field.
 *
 * @module
 */
import { bytesOf, type ByteString } from "./bytes.ts";
import { decimalEnd } from "./decimal.ts";

const LATITUDE_MAX = 90;
const LONGITUDE_MAX = 180;

const PLUS = 43;
const MINUS = 45;

function isSign(byte: number | undefined): boolean {
  return byte === PLUS || byte === MINUS;
}

/**
 * Where the longitude begins in the position from `start` to `end`, or -1 if
 * it is no position.
 */
export function longitudeStart(
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  if (start >= end || !isSign(bytes[start])) return -1;
  const middle = decimalEnd(bytes, start + 1, end, LATITUDE_MAX);
  if (middle < 0 || middle >= end || !isSign(bytes[middle])) return -1;
  const stop = decimalEnd(bytes, middle + 1, end, LONGITUDE_MAX);
  return stop === end ? middle : -1;
}

/** Latitude and longitude of a position, each with its sign, digits untouched. */
export interface Position {
  /** `+34.068930`: degrees north. */
  readonly latitude: ByteString;
  /** `-118.445127`: degrees east. */
  readonly longitude: ByteString;
}

/**
 * Cuts a position in two; `undefined` if it is none.
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
  const middle = longitudeStart(bytesOf(text), 0, text.length);
  if (middle < 0) return undefined;
  return { latitude: text.slice(0, middle), longitude: text.slice(middle) };
}
