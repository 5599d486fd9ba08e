/**
 * Common lines: an IAMAT, or a neighbour's AT, with exactly one space between
 * two fields and none around them. Nearly all traffic consists of them. They
 * are read in one pass, straight to numbers, into objects that are reused: no
 * field is looked at twice, and a line allocates nothing. All other lines are
 * left to the parsers in `message.ts`, which read any line, with the same
 * result for these.
 *
 * @module
 */
import { LF, SPACE } from "../bytes/bytes.ts";
import { type ByteBlock, NO_BYTES } from "../bytes/block.ts";
import { differenceEnd, timeEnd } from "../bytes/decimal.ts";
import type { FixSpan } from "./fix.ts";
import { positionEnd } from "./position.ts";
import type { At, Iamat } from "./fix_messages.ts";

const I = 73;
const A = 65;
const T = 84;
/** The first four bytes of `IAMAT `, as one number. */
const IAMA = 0x414d4149;
const IAMAT_BYTES = 6;
const AT_BYTES = 3;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Reads common lines, one after the other. */
export class CommonLine {
  readonly #iamat: Mutable<Iamat>;
  readonly #fix: Mutable<FixSpan>;
  readonly #at: At;
  #message: Iamat | At | undefined;

  constructor() {
    const nowhere = {
      block: NO_BYTES,
      clientStart: 0,
      clientEnd: 0,
      end: 0,
      seconds: 0,
      nanos: 0,
    };
    this.#iamat = { kind: "iamat", ...nowhere };
    this.#fix = { start: 0, ...nowhere };
    this.#at = { kind: "at", fix: this.#fix };
  }

  /**
   * The last message read, valid until the next line; `undefined` if the line
   * was not common.
   */
  get message(): Iamat | At | undefined {
    return this.#message;
  }

  clear(): void {
    this.#message = undefined;
  }

  /**
   * Reads the line that begins at `start` and ends with a line feed before
   * `limit`.
   *
   * @returns Where its line feed is; -1 if the line is not common, or not
   * whole.
   */
  read(block: ByteBlock, start: number, limit: number): number {
    this.#message = undefined;
    if (limit - start <= IAMAT_BYTES) return -1;
    const first = block.bytes[start];
    if (first === I) return this.#readIamat(block, start, limit);
    return first === A ? this.#readAt(block, start, limit) : -1;
  }

  #readIamat(block: ByteBlock, start: number, limit: number): number {
    const { bytes, words } = block;
    if (
      words.getInt32(start, true) !== IAMA || bytes[start + 4] !== T ||
      bytes[start + 5] !== SPACE
    ) return -1;
    const iamat = this.#iamat;
    const at = readTail(bytes, start + IAMAT_BYTES, limit, iamat);
    if (at < 0 || at >= limit || bytes[at] !== LF) return -1;
    iamat.block = block;
    this.#message = iamat;
    return at;
  }

  #readAt(block: ByteBlock, start: number, limit: number): number {
    const { bytes } = block;
    if (bytes[start + 1] !== T || bytes[start + 2] !== SPACE) return -1;
    const serverEnd = wordEnd(bytes, start + AT_BYTES, limit);
    if (serverEnd < 0) return -1;
    const difference = differenceEnd(bytes, serverEnd + 1, limit);
    if (difference < 0 || difference >= limit || bytes[difference] !== SPACE) {
      return -1;
    }
    const fix = this.#fix;
    const end = readTail(bytes, difference + 1, limit, fix);
    if (end < 0 || end >= limit || bytes[end] !== SPACE) return -1;
    let at = end + 1;
    while (at < limit && bytes[at]! > SPACE) at++;
    if (at === end + 1 || at >= limit || bytes[at] !== LF) return -1;
    fix.block = block;
    fix.start = start;
    this.#message = this.#at;
    return at;
  }
}

/**
 * Where the word that begins at `at` ends, if a space follows; otherwise -1.
 */
function wordEnd(bytes: Uint8Array, at: number, limit: number): number {
  const first = at;
  while (at < limit && bytes[at]! > SPACE) at++;
  return at > first && at < limit && bytes[at] === SPACE ? at : -1;
}

/**
 * Reads `<client> <position> <time>`, the end of an IAMAT and the rest of an AT
 * up to its sender.
 *
 * @returns Where the time ends; -1 if it is something else.
 */
function readTail(
  bytes: Uint8Array,
  start: number,
  limit: number,
  tail: Mutable<Iamat> | Mutable<FixSpan>,
): number {
  const clientEnd = wordEnd(bytes, start, limit);
  if (clientEnd < 0) return -1;
  const middle = positionEnd(bytes, clientEnd + 1, limit);
  if (middle < 0 || middle >= limit || bytes[middle] !== SPACE) return -1;
  const end = timeEnd(bytes, middle + 1, limit, tail);
  tail.clientStart = start;
  tail.clientEnd = clientEnd;
  tail.end = end;
  return end;
}
