/**
 * Fixes as others tell of them, and are told of them.
 *
 * @module
 */
import { type ByteString, byteString } from "../core/bytes/bytes.ts";
import type { FixSpan } from "../core/wire/fix.ts";
import { parseAtLine } from "../core/wire/message.ts";

/** Bytes of a client's ID that are told. */
const TOLD_CLIENT_BYTES = 256;

/**
 * The fix of an AT line.
 *
 * @throws {TypeError} If it is none.
 */
export function fixOf(at: ByteString): FixSpan {
  const fix = parseAtLine(at);
  if (fix === undefined) throw new TypeError(`Cannot read an AT line: ${at}`);
  return fix;
}

/** A fix's client, or how its ID begins. */
export function toldClient(
  { block, clientStart, clientEnd }: FixSpan,
): ByteString {
  const end = Math.min(clientEnd, clientStart + TOLD_CLIENT_BYTES);
  return byteString(block.bytes.subarray(clientStart, end));
}
