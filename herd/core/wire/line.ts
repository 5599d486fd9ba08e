/**
 * One line and its fields, as offsets in a block of bytes.
 *
 * @module
 */
import { ByteBlock, NO_BYTES } from "../bytes/block.ts";
import {
  bytesOf,
  type ByteString,
  byteString,
  CR,
  isSpace,
  isText,
  LF,
  SPACE,
} from "../bytes/bytes.ts";
import { CommonLine } from "./common_line.ts";

/** More fields than any message has; a longer line is rejected by its count. */
const FIELDS_MAX = 8;
const UNSCANNED = -1;

/**
 * A line. One object is reused for all lines of a connection, so whatever is to
 * be kept of it must be copied.
 */
export class Line {
  #block = NO_BYTES;
  #start = 0;
  #end = 0;
  /** Below 0 until the fields are needed. */
  #count = 0;
  readonly #common = new CommonLine();
  readonly #starts = new Int32Array(FIELDS_MAX + 1);
  readonly #ends = new Int32Array(FIELDS_MAX + 1);

  /** A line in a block of its own, from a text without a line feed. */
  static of(text: ByteString): Line {
    const line = new Line();
    line.scan(new ByteBlock(bytesOf(text)), 0, text.length, true);
    return line;
  }

  get block(): ByteBlock {
    return this.#block;
  }

  /** Where it begins in the block. */
  get start(): number {
    return this.#start;
  }

  /** Where it ends in the block, without its LF or CR LF. */
  get end(): number {
    return this.#end;
  }

  /** Its message, if {@linkcode Line.read} found it common. */
  get common(): CommonLine["message"] {
    return this.#common.message;
  }

  /** Number of fields; 9 stands for 9 or more. */
  get count(): number {
    if (this.#count < 0) this.#scan(this.#start, this.#end, true);
    return this.#count;
  }

  get text(): ByteString {
    return byteString(this.#block.bytes.subarray(this.#start, this.#end));
  }

  /** Where an existing field begins in the block. */
  fieldStart(index: number): number {
    return this.#starts[index]!;
  }

  /** Where an existing field ends in the block. */
  fieldEnd(index: number): number {
    return this.#ends[index]!;
  }

  /**
   * The text of a field.
   *
   * @throws {RangeError} If the line has no such field.
   */
  field(index: number): ByteString {
    if (index >= this.count) {
      throw new RangeError(
        `Cannot read field ${index}: there are ${this.count}`,
      );
    }
    return byteString(
      this.#block.bytes.subarray(this.#starts[index], this.#ends[index]),
    );
  }

  /** Whether field `index` exists and equals `word`. */
  is(index: number, word: ByteString): boolean {
    // A former, longer line may have left more fields here.
    return index < this.count &&
      isText(
        this.#block.bytes,
        this.#starts[index]!,
        this.#ends[index]!,
        word,
      );
  }

  /** Whether fields `first` to `last` have exactly one space between two. */
  isPlain(first: number, last: number): boolean {
    for (let i = first; i < last; i++) {
      const gap = this.#ends[i]!;
      if (this.#starts[i + 1] !== gap + 1) return false;
      if (this.#block.bytes[gap] !== SPACE) return false;
    }
    return true;
  }

  /**
   * Finds a line that begins at `start`, and reads it if it is common.
   *
   * @returns Where its line feed is; -1 if there is none before `limit`, and
   * then there is no line.
   */
  read(block: ByteBlock, start: number, limit: number): number {
    const at = this.#common.read(block, start, limit);
    if (at < 0) return this.scan(block, start, limit, false);
    this.#block = block;
    this.#start = start;
    this.#end = at;
    this.#count = UNSCANNED;
    return at;
  }

  /**
   * Finds a line that begins at `start`, and its fields, in one pass.
   *
   * @param isLast Whether the line may end at `limit` without a line feed.
   * @returns Where its line feed is, or `limit`; -1 if the line is incomplete,
   * and then there is no line.
   */
  scan(
    block: ByteBlock,
    start: number,
    limit: number,
    isLast: boolean,
  ): number {
    this.#common.clear();
    this.#block = block;
    return this.#scan(start, limit, isLast);
  }

  #scan(start: number, limit: number, isLast: boolean): number {
    const { bytes } = this.#block;
    const starts = this.#starts;
    const ends = this.#ends;
    let count = 0;
    let at = start;
    for (;;) {
      while (at < limit && bytes[at] !== LF && isSpace(bytes[at]!)) at++;
      if (at >= limit || bytes[at] === LF) break;
      if (count > FIELDS_MAX) {
        at = bytes.indexOf(LF, at);
        if (at < 0 || at > limit) at = limit;
        break;
      }
      starts[count] = at;
      while (at < limit && (bytes[at]! > SPACE || !isSpace(bytes[at]!))) at++;
      ends[count++] = at;
    }
    if (at >= limit && !isLast) {
      this.#count = this.#start = this.#end = 0;
      return -1;
    }
    this.#start = start;
    this.#end = at > start && at < limit && bytes[at - 1] === CR ? at - 1 : at;
    this.#count = count;
    return at;
  }
}
