/**
 * Conversions between fixes and the forms in which they are reported.
 *
 * @module
 */
import { type ByteString, byteString } from "../core/bytes/bytes.ts";
import type { FixSpan } from "../core/wire/fix.ts";
import { parseAtLine } from "../core/wire/message.ts";

/** Bytes of a client's ID that are reported. */
const TOLD_CLIENT_BYTES = 256;

/**
 * The fix of an AT line.
 *
 * @throws {TypeError} If it is not an AT line.
 */
export function fixOf(at: ByteString): FixSpan {
  const fix = parseAtLine(at);
  if (fix === undefined) throw new TypeError(`Cannot read an AT line: ${at}`);
  return fix;
}

/** The client's ID of a fix, shortened if it is long. */
export function toldClient(
  { block, clientStart, clientEnd }: FixSpan,
): ByteString {
  const end = Math.min(clientEnd, clientStart + TOLD_CLIENT_BYTES);
  return byteString(block.bytes.subarray(clientStart, end));
}
