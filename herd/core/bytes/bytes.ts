/**
 * Byte strings: strings in which every character stands for one byte.
 *
 * The wire is bytes, and what a client wrote must come back byte for byte. A
 * string whose characters are all in the range 0 to 255 holds bytes exactly, and
 * is easily compared, cut and printed. Off the hot path, which works on the
 * bytes themselves, all text of the wire is carried so.
 *
 * @module
 */
import { Buffer } from "node:buffer";

/** A string of characters 0 to 255, one for each byte. */
export type ByteString = string;

/** The byte that ends a line. */
export const LF = 10;
/** The byte before it that some clients send. */
export const CR = 13;
/** The byte between the fields of a line. */
export const SPACE = 32;
/** The digit 0; the others follow it. */
export const ZERO = 48;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function byteString(chunk: Uint8Array): ByteString {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    .toString("latin1");
}

/**
 * The bytes that `text` stands for.
 *
 * Text that is all ASCII, which is nearly all of it, goes through the
 * platform's UTF-8 encoder: several hundred times faster than a loop, and the
 * same bytes. It tells by its count whether anything else was there.
 */
export function bytesOf(text: ByteString): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  const { read, written } = encoder.encodeInto(text, bytes);
  if (read === text.length && written === text.length) return bytes;
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Whether a byte is white space: space, tab, LF, VT, FF or CR, and no other. */
export function isSpace(byte: number): boolean {
  return byte === SPACE || (byte >= 9 && byte <= 13);
}

/** Whether `start` to before `end` of `bytes` is `text`. */
export function isText(
  bytes: Uint8Array,
  start: number,
  end: number,
  text: ByteString,
): boolean {
  if (end - start !== text.length) return false;
  for (let i = 0; i < text.length; i++) {
    if (bytes[start + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}

/** Text whose UTF-8 form is the text itself: to encode it takes ten times as long. */
const ASCII = /^[\0-\x7f]*$/;

/** The byte string of a text's UTF-8 form. */
export function utf8(text: string): ByteString {
  return ASCII.test(text) ? text : byteString(encoder.encode(text));
}

/** A byte string for people: read as UTF-8, with U+FFFD where it is none. */
export function readable(text: ByteString): string {
  return ASCII.test(text) ? text : decoder.decode(bytesOf(text));
}
