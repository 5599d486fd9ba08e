/**
 * The AT line for an IAMAT: it is the reply to the client, and what is stored
 * and forwarded. It is written once, byte by byte, without a string in between.
 *
 * @module
 */
import { ByteBlock, copyBytes } from "../bytes/block.ts";
import { bytesOf, type ByteString, SPACE } from "../bytes/bytes.ts";
import { type Instant, putDifference } from "../bytes/decimal.ts";
import { DECIMAL_BYTES_MAX } from "../bytes/digits.ts";
import type { FixSpan } from "./fix.ts";
import type { Iamat } from "./fix_messages.ts";
import type { ByteWriter } from "../bytes/writer.ts";

/** Writes the AT lines of one server. */
export class AtLine {
  /** The beginning of all of them. */
  readonly #head: ByteBlock;
  /** One object, reused for all lines. */
  readonly #fix: { -readonly [K in keyof FixSpan]: FixSpan[K] };

  constructor(server: ByteString) {
    this.#head = new ByteBlock(bytesOf(`AT ${server} `));
    this.#fix = {
      block: this.#head,
      start: 0,
      end: 0,
      clientStart: 0,
      clientEnd: 0,
      seconds: 0,
      nanos: 0,
    };
  }

  /**
   * Writes a line, without a line feed.
   *
   * @returns The fix in it, valid until the next one is written.
   */
  write(iamat: Iamat, out: ByteWriter, now: Instant): FixSpan {
    const { block, clientStart, clientEnd, end } = iamat;
    const fix = this.#fix;
    const head = this.#head;
    // Twice, because the difference of a very long time has all its digits too.
    const room = head.bytes.length + DECIMAL_BYTES_MAX +
      2 * (end - clientStart);
    const target = out.room(room);
    let at = out.length;
    fix.block = target;
    fix.start = at;
    at = copyBytes(head, 0, head.bytes.length, target, at);
    at = putDifference(target, at, now, iamat, block.bytes, end);
    target.bytes[at++] = SPACE;
    fix.clientStart = at;
    fix.clientEnd = at + clientEnd - clientStart;
    at = copyBytes(block, clientStart, end, target, at);
    fix.end = at;
    out.advance(at);
    fix.seconds = iamat.seconds;
    fix.nanos = iamat.nanos;
    return fix;
  }
}
