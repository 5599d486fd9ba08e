/**
 * Finds where replies end in what a server writes, for ways in that carry
 * messages and no stream of bytes.
 *
 * A reply is a line; the answer to a `WHATSAT` is an AT line with a body behind
 * it, which ends with an empty line. No body begins as a reply does, with the
 * letter of `AT` or a question mark, for it is JSON.
 *
 * @module
 */
import { LF } from "../bytes/bytes.ts";

const AT_SIGN = 0x41;
const QUESTION_MARK = 0x3f;

/** A reply, or a piece of a long one. */
export interface ReplyPart {
  /** Where it ends. */
  readonly end: number;
  /** Whether a reply begins with it. */
  readonly isFirst: boolean;
  /** Whether a reply ends with it. */
  readonly isLast: boolean;
}

/**
 * Cuts what is written into replies, lot by lot. A lot ends where a reply does,
 * or is as long as lots get.
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
  /** Of a reply that has begun, what is looked for: its line's end or its body's. */
  #within: "line" | "body" | undefined;
  /** Whether its last byte so far was a line feed. */
  #wasLineEnd = false;

  /** Nothing was written yet. */
  constructor(lotBytesMax: number) {
    this.#lotBytesMax = lotBytesMax;
  }

  /**
   * The reply, or the piece of one, that begins at `from`. `undefined` where a
   * reply begins whose rest is not there yet, and others stand before it: it is
   * to be written again, with its rest.
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
    // As much as fits was cut off here: a body may come.
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
