/**
 * Frames: what a journal's files are made of.
 *
 * ```text
 * aa 'H' 'J' 01 | length, 4 bytes | CRC-32, 4 bytes | lines, `length` bytes
 * ```
 *
 * Numbers are little-endian; the checksum is of the length and the lines. Each
 * line is an AT line as clients see it, and its line feed. A frame is whole or
 * it is nothing: so what a crash has left behind of a write can't be mistaken.
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

/** Makes room for the head of a frame; gives where it is. */
export function beginFrame(out: ByteWriter): number {
  const start = out.length;
  out.room(HEAD_BYTES);
  out.advance(start + HEAD_BYTES);
  return start;
}

/** Writes the head of the frame that began at `start`, and ends where `out` does. */
export function endFrame(out: ByteWriter, start: number): void {
  const { bytes, words } = out.block;
  bytes.set(MAGIC, start);
  const first = start + HEAD_BYTES;
  words.setUint32(start + LENGTH_AT, out.length - first, true);
  words.setUint32(start + CRC_AT, checksum(out.block, start, out.length), true);
}

/** Of the length, and of the lines behind the checksum. */
function checksum({ bytes }: ByteBlock, start: number, end: number): number {
  const ofLength = crc32(bytes, start + LENGTH_AT, start + CRC_AT);
  return (ofLength ^ crc32(bytes, start + HEAD_BYTES, end)) >>> 0;
}

/** A part of a file, from `start` to before `end`. */
export interface Part {
  /** `torn`: what no frame comes after; `broken`: what one does. */
  readonly kind: "lines" | "broken" | "torn";
  readonly start: number;
  readonly end: number;
}

/**
 * The parts of a file, in their order. Never throws, whatever the bytes are.
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
 * assertEquals(kinds, ["lines", "torn"]);
 * ```
 */
export function* partsOf(bytes: Uint8Array<ArrayBuffer>): Generator<Part> {
  const block = new ByteBlock(bytes);
  for (let at = 0; at < bytes.length;) {
    const end = frameEnd(block, at);
    if (end > 0) {
      yield { kind: "lines", start: at + HEAD_BYTES, end };
      at = end;
      continue;
    }
    const next = nextFrame(block, at + 1);
    const kind = next === bytes.length ? "torn" : "broken";
    yield { kind, start: at, end: next };
    at = next;
  }
}

/** Where the frame ends that begins here; 0 if no whole one does. */
function frameEnd(block: ByteBlock, start: number): number {
  const { bytes, words } = block;
  const first = start + HEAD_BYTES;
  if (first > bytes.length) return 0;
  for (let at = 0; at < MAGIC.length; at++) {
    if (bytes[start + at] !== MAGIC[at]) return 0;
  }
  const end = first + words.getUint32(start + LENGTH_AT, true);
  if (end > bytes.length) return 0;
  const told = words.getUint32(start + CRC_AT, true);
  return told === checksum(block, start, end) ? end : 0;
}

/** Where the next whole frame begins; the end if none does. */
function nextFrame(block: ByteBlock, from: number): number {
  const { bytes } = block;
  for (;;) {
    const at = bytes.indexOf(MAGIC[0], from);
    if (at < 0) return bytes.length;
    if (frameEnd(block, at) > 0) return at;
    from = at + 1;
  }
}
