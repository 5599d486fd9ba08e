/**
 * The two messages that carry a fix: a client's, and a neighbour's.
 *
 * @module
 */
import type { ByteBlock } from "../bytes/block.ts";
import type { Instant } from "../bytes/decimal.ts";
import type { FixSpan } from "./fix.ts";

/**
 * A client reports where it is. Its ID, position and time are laid out as
 * `<client> <position> <time>`, with one space between two fields, as in the AT
 * line.
 */
export interface Iamat extends Instant {
  readonly kind: "iamat";
  readonly block: ByteBlock;
  readonly clientStart: number;
  readonly clientEnd: number;
  readonly end: number;
}

/** A neighbour forwards a fix. */
export interface At {
  readonly kind: "at";
  /** The location of the fix in the line. */
  readonly fix: FixSpan;
}
