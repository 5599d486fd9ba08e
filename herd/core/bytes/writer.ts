/**
 * Output that is put together byte by byte and leaves in one write.
 *
 * @module
 */
import { ByteBlock, copyBytes } from "./block.ts";
import type { ByteString } from "./bytes.ts";

const SIZE_MIN = 256;
/** From here on, a buffer grows by half: room that is never used is memory too. */
const LARGE = 65_536;
/** A larger buffer is not kept when it has been emptied. */
const SIZE_KEPT_MAX = 262_144;

/** A buffer that grows as it is written. */
export class ByteWriter {
  readonly #keptMax: number;
  #block = new ByteBlock(new Uint8Array(0));
  #length = 0;

  /**
   * Nothing is written yet.
   *
   * @param keptMax Bytes of the largest buffer that is kept when it is emptied.
   */
  constructor(keptMax: number = SIZE_KEPT_MAX) {
    this.#keptMax = keptMax;
  }

  /** Where the bytes are; it changes as the writer grows. */
  get block(): ByteBlock {
    return this.#block;
  }

  /** The number of bytes written. */
  get length(): number {
    return this.#length;
  }

  /** Bytes of memory that it takes up. */
  get capacity(): number {
    return this.#block.bytes.length;
  }

  /** What was written. It is valid until the next write. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#block.bytes.subarray(0, this.#length);
  }

  /** Forgets what was written; the memory is used again, unless it is much. */
  clear(): void {
    this.#length = 0;
    if (this.capacity > this.#keptMax) this.free();
  }

  /**
   * Forgets what was written, and gives the memory back: much of it at once, for
   * the garbage collector lets it lie. That is `transfer`, after which all
   * buffers of the thread are a little slower, so small ones are left to it.
   */
  free(): void {
    this.#length = 0;
    const { capacity, block } = this;
    if (capacity > 0) this.#block = new ByteBlock(new Uint8Array(0));
    if (capacity >= LARGE) block.bytes.buffer.transfer(0);
  }

  /**
   * Makes room for `count` bytes and gives the block that they are to be put in,
   * from {@linkcode length} on. {@linkcode advance} tells how many were.
   */
  room(count: number): ByteBlock {
    this.#reserve(count);
    return this.#block;
  }

  /** What was put into the room that was made ends before `end`. */
  advance(end: number): void {
    this.#length = end;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed > this.#block.bytes.length) this.#grow(needed);
  }

  #grow(needed: number): void {
    const { capacity } = this;
    const more = capacity < LARGE ? capacity : capacity >>> 1;
    const grown = new Uint8Array(Math.max(SIZE_MIN, capacity + more, needed));
    grown.set(this.bytes);
    this.#block = new ByteBlock(grown);
  }

  /** Writes one byte. */
  byte(byte: number): void {
    this.#reserve(1);
    this.#block.bytes[this.#length++] = byte;
  }

  /** Writes `from` to before `to` of a block. */
  copy(source: ByteBlock, from: number, to: number): void {
    this.#reserve(to - from);
    this.#length = copyBytes(source, from, to, this.#block, this.#length);
  }

  /** Writes a text. */
  text(text: ByteString): void {
    this.#reserve(text.length);
    const { bytes } = this.#block;
    const start = this.#length;
    for (let i = 0; i < text.length; i++) {
      bytes[start + i] = text.charCodeAt(i);
    }
    this.#length = start + text.length;
  }
}
