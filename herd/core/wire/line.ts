/**
 * One line and its fields, as places in a block of bytes.
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

/** More fields than any message has; a line with more is told by its count. */
const FIELDS_MAX = 8;
const UNSCANNED = -1;

/**
 * A line. One object serves all lines of a connection in turn, so what is to be
 * kept of it must be copied.
 */
export class Line {
  #block = NO_BYTES;
  #start = 0;
  #end = 0;
  /** Below 0 as long as nobody has asked for the fields. */
  #count = 0;
  readonly #common = new CommonLine();
  readonly #starts = new Int32Array(FIELDS_MAX + 1);
  readonly #ends = new Int32Array(FIELDS_MAX + 1);

  /** A line of its own, for a text without a line feed. */
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

  /** Where it ends in the block: its LF, or CR LF, left out. */
  get end(): number {
    return this.#end;
  }

  /** What it says, if {@linkcode Line.read} found it common. */
  get common(): CommonLine["message"] {
    return this.#common.message;
  }

  /** The number of its fields; 9 stands for 9 or more. */
  get count(): number {
    if (this.#count < 0) this.#scan(this.#start, this.#end, true);
    return this.#count;
  }

  get text(): ByteString {
    return byteString(this.#block.bytes.subarray(this.#start, this.#end));
  }

  /** Where field `index`, one that it has, begins in the block. */
  fieldStart(index: number): number {
    return this.#starts[index]!;
  }

  /** Where field `index`, one that it has, ends in the block. */
  fieldEnd(index: number): number {
    return this.#ends[index]!;
  }

  /**
   * Field `index` itself.
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

  /** Whether there is a field `index`, and it is `word`. */
  is(index: number, word: ByteString): boolean {
    // Of a line before this one, more fields may still be here.
    return index < this.count &&
      isText(
        this.#block.bytes,
        this.#starts[index]!,
        this.#ends[index]!,
        word,
      );
  }

  /** Whether fields `first` to `last` have one space between each two. */
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
   * there is no line then.
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
   * @returns Where its line feed is, or `limit`; -1 if it is not whole, and
   * there is no line then.
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
