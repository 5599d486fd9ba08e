/**
 * A fix: where a client was at a time, as recorded by the server that received
 * it.
 *
 * @module
 */
import { ByteBlock, isSame } from "../bytes/block.ts";
import {
  bytesOf,
  type ByteString,
  byteString,
  isSpace,
} from "../bytes/bytes.ts";
import { compareDecimals, type Instant } from "../bytes/decimal.ts";

/** The fields of a fix, each as it was on the wire. */
export interface FixFields {
  /** Name of the server that the client spoke to. */
  readonly server: ByteString;
  /** That server's clock minus `time`, in seconds: `+0.263873386`. */
  readonly difference: ByteString;
  /** The client's ID, as it sent it. */
  readonly client: ByteString;
  /** Latitude and longitude in degrees: `+34.068930-118.445127`. */
  readonly position: ByteString;
  /** POSIX seconds, in the client's own digits. */
  readonly time: ByteString;
}

/**
 * The location of the AT line of a fix: `AT <server> <difference> <client>
 * <position> <time>` with one space between two fields. A fix is stored, sent
 * and compared only in this form.
 */
export interface FixSpan extends Instant {
  /** The bytes that contain the line. */
  readonly block: ByteBlock;
  /** Offset of the line in the block. */
  readonly start: number;
  /** Offset of the end of the line, which is the end of its time. */
  readonly end: number;
  /** Offset of the client's ID. */
  readonly clientStart: number;
  /** Offset of the end of the client's ID. */
  readonly clientEnd: number;
}

export function lineText(fix: FixSpan): ByteString {
  return byteString(fix.block.bytes.subarray(fix.start, fix.end));
}

export function clientText(
  fix: Pick<FixSpan, "block" | "clientStart" | "clientEnd">,
): ByteString {
  return byteString(fix.block.bytes.subarray(fix.clientStart, fix.clientEnd));
}

/** Something that ends with a time: a fix, or the version of one. */
export type Timed = Pick<FixSpan, "block" | "end" | keyof Instant>;

export function timeStart({ block: { bytes }, end }: Timed): number {
  let at = end;
  while (!isSpace(bytes[at - 1]!)) at--;
  return at;
}

/** The time, as the client wrote it. */
export function timeText(timed: Timed): ByteString {
  return byteString(timed.block.bytes.subarray(timeStart(timed), timed.end));
}

/** Copies the fields out of a fix's line. */
export function fieldsOf(fix: FixSpan): FixFields {
  const [, server, difference, client, position, time] = lineText(fix)
    .split(" ");
  return {
    server: server!,
    difference: difference!,
    client: client!,
    position: position!,
    time: time!,
  };
}

/**
 * The total order on two fixes of one client that all servers use: by time, and
 * if the times are equal, by the bytes of the line. Keeping the newer of two is
 * idempotent, commutative and associative, so all servers end with the same
 * fix, in whatever order and however often fixes arrive (a state-based CRDT,
 * Shapiro et al. 2011).
 */
export function isNewer(fix: FixSpan, held: FixSpan): boolean {
  const apart = fix.seconds - held.seconds || fix.nanos - held.nanos;
  // Two times beyond all doubles are NaN apart.
  if (apart < 0 || apart > 0) return apart > 0;
  const length = fix.end - fix.start;
  if (
    length === held.end - held.start &&
    isSame(fix.block, fix.start, held.block, held.start, length)
  ) return false;
  const order = compareTimes(fix, held);
  return order !== 0 ? order > 0 : lineText(fix) > lineText(held);
}

/**
 * An order that is not total: by time alone. With it, servers may disagree for
 * ever about fixes with equal times; it is here to show that drills find that.
 */
export function isLater(fix: FixSpan, held: FixSpan): boolean {
  return compareTimes(fix, held) > 0;
}

/** Orders two by their times, exactly: below 0 if `a` is earlier. */
export function compareTimes(a: Timed, b: Timed): number {
  // Two times beyond all doubles give NaN, which is falsy as 0 is.
  return a.seconds - b.seconds || a.nanos - b.nanos ||
    compareDecimals(timeText(a), timeText(b));
}

/** A copy of a fix, in a block of its own. */
export function ownFix(fix: FixSpan): FixSpan {
  const block = new ByteBlock(bytesOf(lineText(fix)));
  const { start, end, clientStart, clientEnd, seconds, nanos } = fix;
  return {
    block,
    start: 0,
    end: end - start,
    clientStart: clientStart - start,
    clientEnd: clientEnd - start,
    seconds,
    nanos,
  };
}
