/**
 * Output that is put together byte by byte and leaves in one write.
 *
 * @module
 */
import type { Arena } from "./arena.ts";
import { ByteBlock, copyBytes, NO_BYTES } from "./block.ts";
import type { ByteString } from "./bytes.ts";

const SIZE_MIN = 256;
/** From here on, a buffer grows by half: room that is never used is memory too. */
const LARGE = 65_536;
/** A larger buffer is not kept when it has been emptied. */
const SIZE_KEPT_MAX = 262_144;
/** Where there is an arena, a larger buffer is taken from it, and not kept. */
const SMALL = 4_096;
/** The least that is taken from it: more than most that is written ever needs. */
const ARENA_BYTES_MIN = 81_920;

/** A buffer that grows as it is written. */
export class ByteWriter {
  readonly #keptMax: number;
  readonly #arena: Arena | undefined;
  #block = NO_BYTES;
  /** What was outgrown, while the block is one of the arena. */
  #outgrown: ByteBlock | undefined;
  #length = 0;

  /**
   * Nothing is written yet.
   *
   * @param arena Where large buffers are taken from, and given back as soon as
   * they are emptied; small ones are kept. Without it, all but very large ones
   * are kept.
   */
  constructor(arena?: Arena) {
    this.#arena = arena;
    this.#keptMax = arena === undefined ? SIZE_KEPT_MAX : SMALL;
  }

  /** Where the bytes are; it changes as the writer grows. */
  get block(): ByteBlock {
    return this.#block;
  }

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
    if (this.capacity > this.#keptMax) this.#shrink();
  }

  /** Forgets what was written, and gives the memory back. */
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
    this.#reserve(1);
    this.#block.bytes[this.#length++] = byte;
  }

  /** Writes `from` to before `to` of a block. */
  copy(source: ByteBlock, from: number, to: number): void {
    const isOwn = source === this.#block;
    this.#reserve(to - from);
    const block = this.#block;
    this.#length = copyBytes(
      isOwn ? block : source,
      from,
      to,
      block,
      this.#length,
    );
  }

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
