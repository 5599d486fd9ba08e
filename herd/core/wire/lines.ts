/**
 * Cuts a stream of bytes into lines.
 *
 * A cursor rather than an iterator: a line costs no allocation, and a reader
 * may stop between two lines of one chunk and continue later. Lines are read in
 * place; only an unfinished line at the end of a chunk is copied, and it is
 * never searched for a line feed again.
 *
 * @module
 */
import type { Arena } from "../bytes/arena.ts";
import type { ByteBlock } from "../bytes/block.ts";
import { type ByteString, byteString, CR, LF } from "../bytes/bytes.ts";
import { Line } from "./line.ts";
import { ByteWriter } from "../bytes/writer.ts";

/** Bytes by which an overlong or unfinished line is reported. */
const OVERLONG_HEAD_BYTES = 256;

/**
 * Lines of a byte stream, fed in chunks.
 *
 * @example Two lines in three chunks
 * ```ts
 * import { ByteBlock } from "../bytes/block.ts";
 * import { bytesOf } from "../bytes/bytes.ts";
 * import { LineBuffer } from "./lines.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const lines = new LineBuffer(100);
 * const seen: string[] = [];
 * for (const chunk of ["IAM", "AT\r\nWHAT", "SAT\n"]) {
 *   lines.feed(new ByteBlock(bytesOf(chunk)), chunk.length);
 *   while (lines.next()) seen.push(lines.line.text);
 * }
 * assertEquals(seen, ["IAMAT", "WHATSAT"]);
 * ```
 */
export class LineBuffer {
  /** Maximum bytes of a line, without its terminator. */
  lineBytesMax: number;
  readonly line = new Line();
  #block: ByteBlock | undefined;
  #length = 0;
  /** Where the next line begins in the chunk. */
  #scan = 0;
  /** The beginning of an unfinished line. */
  readonly #kept: ByteWriter;
  /** Whether the current line is the kept one, now whole. */
  #isKeptRead = false;
  #count = 0;
  #overlong: ByteString | undefined;
  #isEnded = false;

  /**
   * @param lineBytesMax Maximum bytes of a line, without its terminator.
   * @param arena Where memory for the beginning of a long line is taken from.
   */
  constructor(lineBytesMax: number, arena?: Arena) {
    this.lineBytesMax = lineBytesMax;
    this.#kept = new ByteWriter(arena);
  }

  /**
   * The first bytes of a line over the limit: 256, or the limit if that is
   * less. No line follows it: {@linkcode isEnded}.
   */
  get overlong(): ByteString | undefined {
    return this.#overlong;
  }

  /** Whether no more lines will come, whatever is fed. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Makes the current line the last one. */
  end(): void {
    this.#isEnded = true;
    this.#scan = this.#length;
  }

  /**
   * Adds a chunk: the first `length` bytes of `block`, which must not change
   * until `next()` has returned `false`.
   *
   * @throws {RangeError} If lines of the previous chunk are still unread.
   */
  feed(block: ByteBlock, length: number): void {
    if (this.#scan < this.#length) {
      throw new RangeError("Cannot feed a line buffer: lines are unread");
    }
    if (this.#isEnded) return;
    this.#block = block;
    this.#length = length;
    this.#scan = 0;
  }

  /** Whether the whole chunk has been read. */
  get isRead(): boolean {
    return this.#scan >= this.#length;
  }

  /** Number of lines read so far. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of memory used, without the chunk. */
  get capacity(): number {
    return this.#kept.capacity;
  }

  /** The first bytes of an unfinished line; empty if there is none. */
  get unfinished(): ByteString {
    if (this.#isKeptRead) return "";
    return byteString(this.#kept.bytes.subarray(0, OVERLONG_HEAD_BYTES));
  }

  /** Bytes received of an unfinished line. */
  get unfinishedBytes(): number {
    return this.#isKeptRead ? 0 : this.#kept.length;
  }

  /** Frees the memory; no lines may be read afterwards. */
  free(): void {
    this.#isEnded = true;
    this.#kept.free();
  }

  /** Sets the beginning of the next line; what is fed next continues it. */
  begin(head: ByteString): void {
    this.#kept.clear();
    this.#isKeptRead = false;
    this.#kept.text(head);
  }

  /** Size of the chunk. */
  get chunkBytes(): number {
    return this.#length;
  }

  /** How far the chunk has been read. */
  get place(): number {
    return this.#scan;
  }

  /** Advances to the next whole line; returns `false` if there is none yet. */
  next(): boolean {
    if (this.#isEnded || this.#block === undefined) return false;
    if (this.#isKeptRead) {
      this.#kept.clear();
      this.#isKeptRead = false;
    }
    if (this.#scan >= this.#length) return false;
    if (this.#kept.length > 0) return this.#completeKept(this.#block);
    const start = this.#scan;
    const at = this.line.read(this.#block, start, this.#length);
    if (at < 0) return this.#keep(this.#block, this.#length);
    this.#scan = at + 1;
    return this.#isInLimit();
  }

  /** At the end of input: advances to the last line, which had no line feed. */
  finish(): boolean {
    const { block, length } = this.#kept;
    if (this.#isEnded || this.#isKeptRead || length === 0) return false;
    const hasCr = block.bytes[length - 1] === CR;
    return this.#readKept(hasCr ? length - 1 : length, true);
  }

  #completeKept(block: ByteBlock): boolean {
    const found = block.bytes.indexOf(LF, this.#scan);
    if (found < 0 || found >= this.#length) {
      return this.#keep(block, this.#length);
    }
    this.#keep(block, found + 1);
    return this.#overlong === undefined &&
      this.#readKept(this.#kept.length, false);
  }

  #readKept(limit: number, isLast: boolean): boolean {
    this.line.scan(this.#kept.block, 0, limit, isLast);
    this.#isKeptRead = true;
    return this.#isInLimit();
  }

  /** Keeps the chunk up to before `to`, unless the line gets too long. */
  #keep(block: ByteBlock, to: number): false {
    const from = this.#scan;
    this.#scan = to;
    this.#kept.copy(block, from, to);
    const { length } = this.#kept;
    let end = length;
    if (this.#kept.block.bytes[end - 1] === LF) end--;
    if (end > 0 && this.#kept.block.bytes[end - 1] === CR) end--;
    if (end > this.lineBytesMax) this.#refuse(this.#kept.block, 0);
    return false;
  }

  #isInLimit(): boolean {
    const { block, start, end } = this.line;
    this.#count++;
    if (end - start <= this.lineBytesMax) return true;
    this.#refuse(block, start);
    return false;
  }

  #refuse({ bytes }: ByteBlock, start: number): void {
    const length = Math.min(OVERLONG_HEAD_BYTES, this.lineBytesMax);
    this.#overlong = byteString(bytes.subarray(start, start + length));
    this.#kept.clear();
    this.end();
  }
}
