/**
 * Frames of a WebSocket (RFC 6455, section 5), as bytes.
 *
 * @module
 */

import { ByteWriter } from "../../core/bytes/writer.ts";

/** Kinds of frames. */
export const OPCODE = {
  continuation: 0,
  text: 1,
  binary: 2,
  close: 8,
  ping: 9,
  pong: 10,
} as const;

/** Maximum bytes of a control frame's payload. */
export const CONTROL_BYTES_MAX = 125;
/** Bytes of the longest head: two, a length of eight, a mask of four. */
export const HEAD_BYTES_MAX = 14;
const FIN = 0x80;
const RESERVED = 0x70;
const MASKED = 0x80;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const CONTROL = 8;

export interface FrameHead {
  readonly opcode: number;
  /** Whether it is the last frame of its message. */
  readonly isLast: boolean;
  /** The mask of its payload; clients mask, servers do not. */
  readonly mask: Uint8Array | undefined;
  /** Bytes of its payload. */
  readonly length: number;
  /** Bytes of the head itself. */
  readonly headBytes: number;
}

/** Whether a frame is a close, a ping or a pong. */
export function isControl(opcode: number): boolean {
  return opcode >= CONTROL;
}

/** Reads a head: `undefined` if it is incomplete, a text if it is invalid. */
export function readHead(bytes: Uint8Array): FrameHead | string | undefined {
  if (bytes.length < 2) return undefined;
  const [first, second] = bytes as unknown as [number, number];
  const opcode = first & 0x0f;
  const isLast = (first & FIN) !== 0;
  if ((first & RESERVED) !== 0) return "a reserved bit is set";
  if (opcode > OPCODE.pong || opcode > OPCODE.binary && opcode < CONTROL) {
    return `there is no frame of kind ${opcode}`;
  }
  const short = second & 0x7f;
  if (isControl(opcode) && (!isLast || short > CONTROL_BYTES_MAX)) {
    return "a control frame is in parts, or too long";
  }
  const lengthBytes = short === LENGTH_16 ? 2 : short === LENGTH_64 ? 8 : 0;
  const isMasked = (second & MASKED) !== 0;
  const headBytes = 2 + lengthBytes + (isMasked ? 4 : 0);
  if (bytes.length < headBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = lengthBytes === 2
    ? view.getUint16(2)
    : lengthBytes === 8
    ? Number(view.getBigUint64(2))
    : short;
  if (!Number.isSafeInteger(length)) return "a frame is too long";
  const mask = isMasked ? bytes.slice(headBytes - 4, headBytes) : undefined;
  return { opcode, isLast, mask, length, headBytes };
}

/** Masks or unmasks bytes in place; `at` is their offset in the payload. */
export function unmask(bytes: Uint8Array, mask: Uint8Array, at: number): void {
  for (let index = 0; index < bytes.length; index++) {
    bytes[index]! ^= mask[(at + index) & 3]!;
  }
}

/** Builds frames one after the other in one buffer. */
export class FrameWriter {
  readonly #out = new ByteWriter();

  /** The frames since the last call; the caller owns them. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#out.bytes.slice();
    this.#out.clear();
    return taken;
  }

  /**
   * Adds a frame.
   *
   * @param mask The mask, if it is to be masked.
   */
  add(
    opcode: number,
    isLast: boolean,
    payload: Uint8Array,
    mask?: Uint8Array,
  ): void {
    const { length } = payload;
    const { bytes, words } = this.#out.room(length + HEAD_BYTES_MAX);
    let at = this.#out.length;
    const masked = mask === undefined ? 0 : MASKED;
    words.setUint8(at++, opcode | (isLast ? FIN : 0));
    if (length < LENGTH_16) words.setUint8(at++, length | masked);
    else if (length < 65_536) {
      words.setUint8(at++, LENGTH_16 | masked);
      words.setUint16(at, length);
      at += 2;
    } else {
      words.setUint8(at++, LENGTH_64 | masked);
      words.setBigUint64(at, BigInt(length));
      at += 8;
    }
    if (mask !== undefined) {
      bytes.set(mask, at);
      at += mask.length;
    }
    bytes.set(payload, at);
    if (mask !== undefined) unmask(bytes.subarray(at, at + length), mask, 0);
    this.#out.advance(at + length);
  }
}
