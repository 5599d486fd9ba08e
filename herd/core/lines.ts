/**
 * Cuts a stream of bytes into lines, byte for byte.
 *
 * A cursor rather than an iterator: the current line is `text` from `start` to
 * `end`, so a line costs no allocation, and a reader may stop between two lines
 * of one chunk and go on later. Bytes that are still waiting for their line feed
 * are kept as they came and never searched again.
 *
 * @module
 */
import type { ByteString } from "./bytes.ts";

/** Bytes of an overlong line that are kept to name it. */
const OVERLONG_HEAD_BYTES = 256;

const CR = 13;

/**
 * Lines of a byte stream, fed in chunks.
 *
 * @example Two lines in three chunks
 * ```ts
 * import { LineBuffer } from "./lines.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const lines = new LineBuffer(100);
 * const seen: string[] = [];
 * for (const chunk of ["IAM", "AT\r\nWHAT", "SAT\n"]) {
 *   lines.feed(chunk);
 *   while (lines.next()) seen.push(lines.line);
 * }
 * assertEquals(seen, ["IAMAT", "WHATSAT"]);
 * ```
 */
export class LineBuffer {
  /** Bytes of the longest line, its terminator not counted. */
  lineBytesMax: number;
  #text: ByteString = "";
  #start = 0;
  #end = 0;
  /** Where the next line begins in `#text`. */
  #scan = 0;
  /** The first line feed of a fresh chunk, already found; else -1. */
  #found = -1;
  /** Pieces of a line whose line feed has not come yet. */
  #pieces: ByteString[] = [];
  #piecesLength = 0;
  #overlong: ByteString | undefined;

  /**
   * Nothing was fed yet.
   *
   * @param lineBytesMax Bytes of the longest line, its terminator not counted.
   */
  constructor(lineBytesMax: number) {
    this.lineBytesMax = lineBytesMax;
  }

  /** What the current line is a part of. */
  get text(): ByteString {
    return this.#text;
  }

  /** Where the current line begins in `text`. */
  get start(): number {
    return this.#start;
  }

  /** Where the current line ends in `text`: its LF, or CR LF, left out. */
  get end(): number {
    return this.#end;
  }

  /** The current line. */
  get line(): ByteString {
    return this.#text.slice(this.#start, this.#end);
  }

  /**
   * The first bytes of a line over the limit: 256, or as many as a line may have
   * if that is less. No line comes after it.
   */
  get overlong(): ByteString | undefined {
    return this.#overlong;
  }

  /**
   * Adds a chunk. Read all its lines with `next()` before the next one.
   *
   * @throws {RangeError} If lines of the chunk before are still unread.
   */
  feed(chunk: ByteString): void {
    if (this.#scan < this.#text.length) {
      throw new RangeError("Cannot feed a line buffer: lines are unread");
    }
    if (this.#overlong !== undefined) return;
    const found = chunk.indexOf("\n");
    if (found < 0) {
      this.#keep(chunk);
      return;
    }
    this.#found = this.#piecesLength + found;
    this.#pieces.push(chunk);
    this.#text = this.#joinPieces();
    this.#scan = 0;
  }

  /** Steps to the next whole line; `false` when there is none yet. */
  next(): boolean {
    const text = this.#text;
    const start = this.#scan;
    const lineFeed = this.#found >= 0 ? this.#found : text.indexOf("\n", start);
    this.#found = -1;
    if (lineFeed < 0) {
      this.#text = "";
      this.#scan = 0;
      if (start < text.length) this.#keep(text.slice(start));
      return false;
    }
    this.#scan = lineFeed + 1;
    return this.#step(start, lineFeed);
  }

  /** At end of input: steps to the last line, which had no line feed. */
  finish(): boolean {
    if (this.#overlong !== undefined || this.#piecesLength === 0) return false;
    this.#text = this.#joinPieces();
    this.#scan = this.#text.length;
    return this.#step(0, this.#text.length);
  }

  #step(start: number, stop: number): boolean {
    const hasCr = stop > start && this.#text.charCodeAt(stop - 1) === CR;
    const end = hasCr ? stop - 1 : stop;
    if (end - start > this.lineBytesMax) {
      this.#refuse(this.#text.slice(start, stop));
      return false;
    }
    this.#start = start;
    this.#end = end;
    return true;
  }

  #keep(piece: ByteString): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#piecesLength += piece.length;
    const hasCr = piece.charCodeAt(piece.length - 1) === CR;
    if (this.#piecesLength - (hasCr ? 1 : 0) > this.lineBytesMax) {
      this.#refuse(this.#joinPieces());
    }
  }

  #joinPieces(): ByteString {
    const pieces = this.#pieces;
    const text = pieces.length === 1 ? pieces[0]! : pieces.join("");
    this.#pieces = [];
    this.#piecesLength = 0;
    return text;
  }

  #refuse(line: ByteString): void {
    const bytes = Math.min(OVERLONG_HEAD_BYTES, this.lineBytesMax);
    this.#overlong = line.slice(0, bytes);
    this.#text = "";
    this.#scan = 0;
  }
}
