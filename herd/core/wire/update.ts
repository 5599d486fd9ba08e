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
  /** Tells the messages apart. */
  readonly kind: "iamat";
  /** Where it lies. */
  readonly block: ByteBlock;
  /** Where the client's ID begins. */
  readonly clientStart: number;
  /** Where the client's ID ends. */
  readonly clientEnd: number;
  /** Where the time ends. */
  readonly end: number;
}

/** A neighbour passes a fix on. */
export interface At {
  /** Tells the messages apart. */
  readonly kind: "at";
  /** The fix, where it lies in the line. */
  readonly fix: FixSpan;
}
