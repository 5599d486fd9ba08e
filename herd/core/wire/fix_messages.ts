/**
 * The two messages that bring a fix: a client's, and a neighbour's.
 *
 * @module
 */
import type { ByteBlock } from "../bytes/block.ts";
import type { Instant } from "../bytes/decimal.ts";
import type { FixSpan } from "./fix.ts";

/**
 * A client tells where it is. Who, where and when lies as `<client> <position>
 * <time>`, with one space between two fields, as it will in the AT line.
 */
export interface Iamat extends Instant {
  readonly kind: "iamat";
  readonly block: ByteBlock;
  readonly clientStart: number;
  readonly clientEnd: number;
  readonly end: number;
}

/** A neighbour passes a fix on. */
export interface At {
  readonly kind: "at";
  /** The fix, where it lies in the line. */
  readonly fix: FixSpan;
}
