/**
 * Frames: the format of a journal's files.
 *
 * ```text
 * aa 'H' 'J' 01 | length, 4 bytes | CRC-32, 4 bytes | lines, `length` bytes
 * ```
 *
 * Numbers are little-endian; the checksum covers the length and the lines. Each
 * line is an AT line as clients see it, with its line feed. A frame is either
 * whole or ignored, so the remains of a write that a crash interrupted are not
 * mistaken for one.
 *
 * @module
 */
import { ByteBlock } from "../bytes/block.ts";
import type { ByteWriter } from "../bytes/writer.ts";
import { crc32 } from "../bytes/crc32.ts";

const MAGIC = [0xaa, 0x48, 0x4a, 0x01] as const;
const LENGTH_AT = 4;
const CRC_AT = 8;
const HEAD_BYTES = 12;
/** Bytes of lines in a frame; a frame with a greater length is invalid. */
export const FRAME_BYTES_MAX = 1_048_576;

/** Makes room for the head of a frame; returns its offset. */
export function beginFrame(out: ByteWriter): number {
  const start = out.length;
  out.room(HEAD_BYTES);
  out.advance(start + HEAD_BYTES);
  return start;
}

/** Ends a frame: writes its head at `start`, where it began. */
export function endFrame(out: ByteWriter, start: number): void {
  const { bytes, words } = out.block;
  bytes.set(MAGIC, start);
  const first = start + HEAD_BYTES;
  words.setUint32(start + LENGTH_AT, out.length - first, true);
  words.setUint32(start + CRC_AT, checksum(out.block, start, out.length), true);
}

/**
 * The checksum over the length field, and the lines after the checksum field.
 */
function checksum({ bytes }: ByteBlock, start: number, end: number): number {
  const ofLength = crc32(bytes, start + LENGTH_AT, start + CRC_AT);
  return (ofLength ^ crc32(bytes, start + HEAD_BYTES, end)) >>> 0;
}

/** A part of a file, from `start` to before `end`. */
export interface Part {
  /** `bad`: bytes that belong to no whole frame. */
  readonly kind: "lines" | "bad";
  readonly start: number;
  readonly end: number;
}

/**
 * The parts of a file, or of a piece of it, in order. Those of a piece end
 * where its last frame may continue in the next piece, which must begin there.
 * Never throws, whatever the bytes are.
 *
 * @param isLast Whether no other piece follows.
 *
 * @example
 * ```ts
 * import { bytesOf } from "../bytes/bytes.ts";
 * import { ByteWriter } from "../bytes/writer.ts";
 * import { beginFrame, endFrame, partsOf } from "./frame.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const out = new ByteWriter();
 * const start = beginFrame(out);
 * out.text("AT Ash +1.5 kiwi +34-118 1\n");
 * endFrame(out, start);
 * out.text("a torn one");
 * const kinds = [...partsOf(out.bytes)].map(({ kind }) => kind);
 * assertEquals(kinds, ["lines", "bad"]);
 * ```
 */
export function* partsOf(
  bytes: Uint8Array<ArrayBuffer>,
  isLast = true,
): Generator<Part> {
  const block = new ByteBlock(bytes);
  for (let at = 0; at < bytes.length;) {
    const end = frameEnd(block, at, isLast);
    if (end === undefined) return;
    if (end > 0) {
      yield { kind: "lines", start: at + HEAD_BYTES, end };
      at = end;
      continue;
    }
    const next = nextFrame(block, at + 1, isLast);
    yield { kind: "bad", start: at, end: next };
    at = next;
  }
}

/**
 * Where the frame that begins here ends; 0 if it is not whole, `undefined` if
 * the next piece decides that.
 */
function frameEnd(
  block: ByteBlock,
  start: number,
  isLast: boolean,
): number | undefined {
  const { bytes, words } = block;
  const undecided = isLast ? 0 : undefined;
  for (let at = 0; at < MAGIC.length; at++) {
    if (start + at === bytes.length) return undecided;
    if (bytes[start + at] !== MAGIC[at]) return 0;
  }
  const first = start + HEAD_BYTES;
  if (first > bytes.length) return undecided;
  const length = words.getUint32(start + LENGTH_AT, true);
  if (length > FRAME_BYTES_MAX) return 0;
  const end = first + length;
  if (end > bytes.length) return undecided;
  const told = words.getUint32(start + CRC_AT, true);
  return told === checksum(block, start, end) ? end : 0;
}

/** Where the next frame begins, or may begin; the end if there is none. */
function nextFrame(block: ByteBlock, from: number, isLast: boolean): number {
  const { bytes } = block;
  for (;;) {
    const at = bytes.indexOf(MAGIC[0], from);
    if (at < 0) return bytes.length;
    if (frameEnd(block, at, isLast) !== 0) return at;
    from = at + 1;
  }
}
