/**
 * The fields of a line: runs of bytes between white space, found in place.
 *
 * @module
 */
import type { ByteString } from "./bytes.ts";

/** More fields than any message has; a line with more is told by its count. */
const FIELDS_MAX = 8;

/** Whether a byte is white space: space, tab, LF, VT, FF or CR, and no other. */
export function isSpace(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13);
}

/** Where the fields of one line are. One object serves all lines in turn. */
export class Fields {
  #text: ByteString = "";
  readonly #starts = new Int32Array(FIELDS_MAX + 1);
  readonly #ends = new Int32Array(FIELDS_MAX + 1);
  #count = 0;

  /** The number of fields; 9 stands for 9 or more. */
  get count(): number {
    return this.#count;
  }

  /** Finds the fields of `text` from `start` to `end`; returns their number. */
  split(text: ByteString, start: number, end: number): number {
    this.#text = text;
    let count = 0;
    let at = start;
    for (;;) {
      while (at < end && isSpace(text.charCodeAt(at))) at++;
      if (at >= end || count > FIELDS_MAX) break;
      this.#starts[count] = at;
      while (at < end && !isSpace(text.charCodeAt(at))) at++;
      this.#ends[count++] = at;
    }
    return this.#count = count;
  }

  /** Where field `index` begins in the text. */
  start(index: number): number {
    return this.#starts[index]!;
  }

  /** Where field `index` ends in the text. */
  end(index: number): number {
    return this.#ends[index]!;
  }

  /** Field `index` itself. */
  at(index: number): ByteString {
    return this.#text.slice(this.#starts[index], this.#ends[index]);
  }

  /** Whether field `index` is `word`. */
  is(index: number, word: string): boolean {
    return this.#ends[index]! - this.#starts[index]! === word.length &&
      this.#text.startsWith(word, this.#starts[index]);
  }

  /** Fields `first` to `last`, with one space between each two. */
  join(first: number, last: number): ByteString {
    for (let i = first; i < last; i++) {
      const gap = this.#ends[i]!;
      if (this.#starts[i + 1] !== gap + 1 || this.#text[gap] !== " ") {
        return this.at(first) + " " + this.join(first + 1, last);
      }
    }
    return this.#text.slice(this.#starts[first], this.#ends[last]);
  }
}
