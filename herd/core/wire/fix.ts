/**
 * A fix: where a client was at a time, as the server that heard it wrote it down.
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

/** What a fix is made of, each field as it came on the wire. */
export interface FixFields {
  /** The server that the client spoke to. */
  readonly server: ByteString;
  /** That server's clock minus `time`, in seconds: `+0.263873386`. */
  readonly difference: ByteString;
  /** The client's ID. */
  readonly client: ByteString;
  /** `+34.068930-118.445127`. */
  readonly position: ByteString;
  /** POSIX seconds, the client's own digits. */
  readonly time: ByteString;
}

/**
 * Where the AT line of a fix lies, `AT <server> <difference> <client>
 * <position> <time>` with one space between two fields: the only form in which a
 * fix is kept, sent and compared.
 */
export interface FixSpan extends Instant {
  /** What the line is a part of. */
  readonly block: ByteBlock;
  /** Where the line begins. */
  readonly start: number;
  /** Where the line ends, and its time. */
  readonly end: number;
  /** Where the client's ID begins. */
  readonly clientStart: number;
  /** Where the client's ID ends. */
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

/** What ends with a time: a fix, or the version of one. */
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

/** The fields of a fix. */
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
 * The total order by which the herd agrees, on two fixes of one client: by time,
 * and on equal times by the bytes of the line. Keeping the newer of two is
 * idempotent, commutative and associative, so in whatever order, and however
 * often, fixes arrive, all servers end with the same (a state-based CRDT,
 * Shapiro et al. 2011).
 */
export function isNewer(fix: FixSpan, held: FixSpan): boolean {
  const length = fix.end - fix.start;
  if (
    length === held.end - held.start &&
    isSame(fix.block, fix.start, held.block, held.start, length)
  ) return false;
  const order = compareTimes(fix, held);
  return order !== 0 ? order > 0 : lineText(fix) > lineText(held);
}

/**
 * An order that is not total: by time alone. Servers that go by it may disagree
 * for ever about fixes of equal times; it is here to see that drills find that.
 */
export function isLater(fix: FixSpan, held: FixSpan): boolean {
  return compareTimes(fix, held) > 0;
}

/** Orders two by their times, exactly: below 0 if `a` is earlier. */
export function compareTimes(a: Timed, b: Timed): number {
  // Two times beyond all doubles give a NaN, which says as little as a 0.
  return a.seconds - b.seconds || a.nanos - b.nanos ||
    compareDecimals(timeText(a), timeText(b));
}

/** A fix in a block of its own. */
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
