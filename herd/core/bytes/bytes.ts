/**
 * Byte strings: strings in which every character stands for one byte.
 *
 * The wire is bytes, and what a client wrote must come back byte for byte. A
 * string whose characters are all in the range 0 to 255 holds bytes exactly,
 * and is easy to compare, cut and print. All text of the wire is kept this way,
 * except on the hot path, which works on the bytes themselves.
 *
 * @module
 */

/** A string whose characters, all 0 to 255, stand for one byte each. */
export type ByteString = string;

export const LF = 10;
export const CR = 13;
export const SPACE = 32;
/** The digit 0; the other digits follow it. */
export const ZERO = 48;

/**
 * Text that is its own UTF-8 form; encoding it would take ten times as long.
 */
const ASCII = /^[\0-\x7f]*$/;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Keeps a byte order mark, which is no ASCII. */
const exactDecoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** How many characters one call makes at most. */
const CHARACTERS_MAX = 4_096;

/**
 * The text of these bytes. ASCII, which nearly all text is, goes through the
 * platform's UTF-8 decoder, with the same result. `Buffer` could do all: but a
 * worker that loads it takes a megabyte more.
 */
export function byteString(chunk: Uint8Array): ByteString {
  const ascii = exactDecoder.decode(chunk);
  if (ASCII.test(ascii)) return ascii;
  let text = "";
  for (let at = 0; at < chunk.length; at += CHARACTERS_MAX) {
    const part = chunk.subarray(at, at + CHARACTERS_MAX);
    // Spreading it would take several times as long.
    text += Reflect.apply(String.fromCharCode, undefined, part);
  }
  return text;
}

/** All parts, one after the other; a single part is not copied. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(parts.reduce((sum, it) => sum + it.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * The bytes that `text` stands for.
 *
 * ASCII, which nearly all text is, goes through the platform's UTF-8 encoder:
 * several hundred times faster than a loop, with the same result. The byte
 * count tells whether the text had any other character.
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

/** Whether bytes `start` to before `end` are `text`. */
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

/** The UTF-8 form of a text as a byte string. */
export function utf8(text: string): ByteString {
  return ASCII.test(text) ? text : byteString(encoder.encode(text));
}

/** A byte string as text: decoded as UTF-8, with U+FFFD for invalid bytes. */
export function readable(text: ByteString): string {
  return ASCII.test(text) ? text : decoder.decode(bytesOf(text));
}
