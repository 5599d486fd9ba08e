/**
 * Output that is built byte by byte and sent in one write.
 *
 * @module
 */
import type { Arena } from "./arena.ts";
import { ByteBlock, copyBytes, NO_BYTES } from "./block.ts";
import type { ByteString } from "./bytes.ts";

const SIZE_MIN = 256;
/** Larger buffers grow by half instead of doubling, to waste less memory. */
const LARGE = 65_536;
/** A larger buffer is not kept once it is cleared. */
const SIZE_KEPT_MAX = 262_144;
/** Where there is an arena, a larger buffer is taken from it, and not kept. */
const SMALL = 4_096;
/** The least that is taken from the arena: more than most output ever needs. */
const ARENA_BYTES_MIN = 81_920;

/** A buffer that grows as it is written. */
export class ByteWriter {
  readonly #keptMax: number;
  readonly #arena: Arena | undefined;
  #block = NO_BYTES;
  /** The previous block, if the current one is from the arena. */
  #outgrown: ByteBlock | undefined;
  #length = 0;

  /**
   * @param arena Where large buffers are taken from, and returned as soon as
   * they are cleared; small ones are kept. Without it, all but very large ones
   * are kept.
   */
  constructor(arena?: Arena) {
    this.#arena = arena;
    this.#keptMax = arena === undefined ? SIZE_KEPT_MAX : SMALL;
  }

  /** The current block; it changes as the writer grows. */
  get block(): ByteBlock {
    return this.#block;
  }

  get length(): number {
    return this.#length;
  }

  /** Bytes of memory used. */
  get capacity(): number {
    return this.#block.bytes.length;
  }

  /** The bytes written so far, valid until the next write. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#block.bytes.subarray(0, this.#length);
  }

  /** Empties the writer. Its memory is reused, unless it is large. */
  clear(): void {
    this.#length = 0;
    if (this.capacity > this.#keptMax) this.#shrink();
  }

  /** Empties the writer and frees its memory. */
  free(): void {
    this.#length = 0;
    this.#shrink();
    if (this.capacity > 0) this.#block = NO_BYTES;
  }

  #shrink(): void {
    const { block } = this;
    this.#block = this.#outgrown ?? NO_BYTES;
    if (this.#outgrown !== undefined) this.#arena!.give(block);
    this.#outgrown = undefined;
  }

  /**
   * Makes room for `count` bytes and returns the block to write them to, from
   * {@linkcode length} on. Then {@linkcode advance} sets how many were written.
   */
  room(count: number): ByteBlock {
    const needed = this.#length + count;
    if (needed > this.#block.bytes.length) this.#grow(needed);
    return this.#block;
  }

  /** Ends the bytes written into the room before `end`. */
  advance(end: number): void {
    this.#length = end;
  }

  #grow(needed: number): void {
    const { block, capacity } = this;
    const more = capacity < LARGE ? capacity : capacity >>> 1;
    const bytes = Math.max(SIZE_MIN, capacity + more, needed);
    const arena = bytes > SMALL ? this.#arena : undefined;
    const grown = arena?.take(Math.max(bytes, ARENA_BYTES_MIN)) ??
      new ByteBlock(new Uint8Array(bytes));
    grown.bytes.set(this.bytes);
    this.#block = grown;
    if (arena === undefined) return;
    if (this.#outgrown === undefined) this.#outgrown = block;
    else arena.give(block);
  }

  byte(byte: number): void {
    this.room(1).bytes[this.#length++] = byte;
  }

  /** Writes bytes `from` to before `to` of a block. */
  copy(source: ByteBlock, from: number, to: number): void {
    const isOwn = source === this.#block;
    const block = this.room(to - from);
    this.#length = copyBytes(
      isOwn ? block : source,
      from,
      to,
      block,
      this.#length,
    );
  }

  text(text: ByteString): void {
    const { bytes } = this.room(text.length);
    const start = this.#length;
    for (let i = 0; i < text.length; i++) {
      bytes[start + i] = text.charCodeAt(i);
    }
    this.#length = start + text.length;
  }
}
