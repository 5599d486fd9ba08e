/**
 * Finds where replies end in a server's output, for transports that carry
 * messages instead of a byte stream.
 *
 * A reply is a line; the answer to a `WHATSAT` is an AT line followed by a
 * body, which ends with an empty line. A body is JSON, so it never begins with
 * the first letter of `AT` or a question mark, as a reply does.
 *
 * @module
 */
import { LF } from "../bytes/bytes.ts";

const AT_SIGN = 0x41;
const QUESTION_MARK = 0x3f;

/** A reply, or a piece of a long one. */
export interface ReplyPart {
  readonly end: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/**
 * Cuts output into replies, lot by lot. A lot ends where a reply ends, or has
 * the maximum length.
 *
 * @example Two replies at once
 * ```ts
 * import { bytesOf } from "../bytes/bytes.ts";
 * import { ReplyCutter } from "./reply_cutter.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const text = 'AT Ash +0.1 kiwi +1+1 1\n{}\n\n? WHAT\n';
 * const cutter = new ReplyCutter(65_536);
 * const first = cutter.cut(bytesOf(text), 0);
 * assertEquals(text.slice(0, first?.end), 'AT Ash +0.1 kiwi +1+1 1\n{}\n\n');
 * ```
 */
export class ReplyCutter {
  readonly #lotBytesMax: number;
  /** What an unfinished reply has still to end: its line, or its body. */
  #within: "line" | "body" | undefined;
  /** Whether the last byte so far was a line feed. */
  #wasLineEnd = false;

  constructor(lotBytesMax: number) {
    this.#lotBytesMax = lotBytesMax;
  }

  /**
   * The reply, or the piece of one, that begins at `from`. `undefined` if a
   * reply begins there that is incomplete, and others precede it: it must be
   * written again, with its rest.
   */
  cut(bytes: Uint8Array, from: number): ReplyPart | undefined {
    const isFirst = this.#within === undefined;
    const end = this.#end(bytes, from);
    if (end !== undefined) {
      this.#within = undefined;
      return { end, isFirst, isLast: true };
    }
    if (isFirst && from > 0) return undefined;
    const lineEnd = isFirst ? bytes.indexOf(LF, from) : -1;
    if (isFirst) this.#within = lineEnd < 0 ? "line" : "body";
    this.#wasLineEnd = bytes.at(-1) === LF;
    return { end: bytes.length, isFirst, isLast: false };
  }

  #end(bytes: Uint8Array, from: number): number | undefined {
    if (this.#within === "line") {
      const end = bytes.indexOf(LF, from);
      return end < 0 ? undefined : end + 1;
    }
    if (this.#within === "body") {
      if (this.#wasLineEnd && bytes[from] === LF) return from + 1;
      return bodyEnd(bytes, from);
    }
    const lineEnd = bytes.indexOf(LF, from);
    if (lineEnd < 0) return undefined;
    const next = lineEnd + 1;
    if (bytes[from] !== AT_SIGN || isReplyStart(bytes[next])) return next;
    if (next < bytes.length) return bodyEnd(bytes, next);
    // The lot is full, so it may have been cut off here: a body may follow.
    const mayGoOn = bytes.length >= this.#lotBytesMax && from > 0;
    return mayGoOn ? undefined : next;
  }
}

function isReplyStart(byte: number | undefined): boolean {
  return byte === AT_SIGN || byte === QUESTION_MARK;
}

function bodyEnd(bytes: Uint8Array, from: number): number | undefined {
  for (let at = from; (at = bytes.indexOf(LF, at) + 1) > 0;) {
    if (bytes[at] === LF) return at + 1;
  }
  return undefined;
}
