/**
 * The messages of neighbours: what a line on a link means. An update is an AT
 * line, which clients see too: `message.ts`.
 *
 * @module
 */
import { type ByteString, isText } from "../bytes/bytes.ts";
import type { FixSpan } from "./fix.ts";
import type { Line } from "./line.ts";
import {
  type Bad,
  bad,
  BLANK,
  type Blank,
  parseAt,
  parseAtLine,
} from "./message.ts";
import type { At } from "./fix_messages.ts";

/** The kinds of lines on a link after its handshake, by first word. */
export const LINE_KINDS = [
  "AT",
  "SYNC",
  "HAVE",
  "WANT",
  "IHAVE",
  "GRAFT",
  "PRUNE",
  "SUMS",
  "DIFF",
  "CHECK",
  "UNEQUAL",
  "QUERY",
  "ANSWER",
  "MARK",
  "HELD",
  "MISSED",
  "PING",
  "PONG",
] as const;

/** A kind of line on a link after its handshake, named by its first word. */
export type LineKind = typeof LINE_KINDS[number];

/** Maximum lines of a list. */
const LIST_MAX = 65_536;

const BUCKET_MAX = 255;
/** Hex digits of one hash or sum. */
const TIE_DIGITS = 16;
/** Hex digits of a sum of checksums. */
const MARK_DIGITS = 8;
/** Hex digits of 256 sums. */
const SUMS_DIGITS = 4_096;
/** Hex digits of 256 bits, one for each child. */
const CHILDREN_DIGITS = 64;

/**
 * A neighbour sends a digest: to begin a sync, to check an idle link, or to
 * report that a check found a difference.
 */
export interface DigestMessage {
  readonly kind: "sync" | "check" | "unequal";
  readonly count: number;
  /** The sum of the hashes of its fixes, 16 hex digits. */
  readonly fingerprint: string;
}

/**
 * A neighbour sends sums of hashes: of all 256 buckets, or 256 leaves of one.
 */
export interface SumsMessage {
  readonly kind: "sums";
  /** The bucket, 0 to 255; `undefined` if the sums are of all buckets. */
  readonly bucket: number | undefined;
  /** 256 sums of 16 hex digits. */
  readonly sums: string;
}

/** A neighbour names the buckets that differ, or the leaves of one. */
export interface DifferenceMessage {
  readonly kind: "diff";
  /** The bucket, 0 to 255; `undefined` if all buckets were compared. */
  readonly bucket: number | undefined;
  /** A bit for each of 256, in 64 hex digits. */
  readonly children: string;
}

/** A neighbour begins a list, of versions or of clients. */
export interface ListMessage {
  readonly kind: ListKind;
  /** Number of lines that follow. */
  readonly lines: number;
}

/**
 * A list of versions that are held (`have`) or announced (`ihave`), or of
 * clients whose fixes are asked for, once (`want`) or from now on (`graft`).
 */
export type ListKind = "have" | "want" | "ihave" | "graft";

/** A neighbour asks not to be pushed updates of a server. */
export interface PruneMessage {
  readonly kind: "prune";
  /** The server that received them from its clients. */
  readonly server: ByteString;
}

/** A neighbour forwards a query. */
export interface QueryMessage {
  readonly kind: "query";
  /** The query's id, unique in the herd. */
  readonly id: ByteString;
  /** Milliseconds in which it must be answered. */
  readonly ms: number;
  /** The client whose fix is asked for. */
  readonly client: ByteString;
}

/** A neighbour answers a query, for itself and all neighbours it has asked. */
export interface AnswerMessage {
  readonly kind: "answer";
  readonly id: ByteString;
  /** Number of links that gave no answer. */
  readonly unanswered: number;
  /** The newest fix, in a block of its own; `undefined` if there is none. */
  readonly fix: FixSpan | undefined;
}

/** A neighbour sends a mark after updates, or confirms one: `marks.ts`. */
export interface MarkMessage {
  readonly kind: "mark" | "held";
  readonly number: number;
  /** The sum of the checksums of the updates, 8 hex digits. */
  readonly sum: ByteString;
}

/** A neighbour lacks updates before a mark. */
export interface MissedMessage {
  readonly kind: "missed";
  readonly number: number;
}

/** A heartbeat of a neighbour, or its answer to one. */
export interface BeatMessage {
  readonly kind: "ping" | "pong";
  /** A PONG repeats the number of its PING. */
  readonly number: number;
}

/** What a neighbour's line may be, outside a list. */
export type LinkMessage =
  | At
  | DigestMessage
  | SumsMessage
  | DifferenceMessage
  | ListMessage
  | PruneMessage
  | QueryMessage
  | AnswerMessage
  | MarkMessage
  | MissedMessage
  | BeatMessage
  | Blank
  | Bad;

/**
 * Reads a neighbour's line. An AT is valid until the next line is read.
 *
 * @param sender The neighbour: an AT must name it as its sender.
 */
export function parseLinkLine(line: Line, sender: ByteString): LinkMessage {
  if (line.common?.kind === "at") {
    const { bytes } = line.block;
    const { end } = line.common.fix;
    return isText(bytes, end + 1, line.end, sender)
      ? line.common
      : bad("bad-sender");
  }
  const { count } = line;
  if (count === 0) return BLANK;
  if (line.is(0, "AT")) {
    if (count !== 7) return bad("field-count");
    return line.is(6, sender) ? parseAt(line) : bad("bad-sender");
  }
  return PARSERS_BY_WORD.get(line.field(0))?.(line) ?? bad("unknown-command");
}

function parseDigest(
  line: Line,
  kind: DigestMessage["kind"],
): DigestMessage | Bad {
  if (line.count !== 3) return bad("field-count");
  const count = parseNumber(line.field(1));
  if (count === undefined) return bad("bad-number");
  const fingerprint = line.field(2);
  if (!isTie(fingerprint)) return bad("bad-tie");
  return { kind, count, fingerprint };
}

/** A message about all buckets, or about one: its number, and hex digits. */
function parseByBucket(
  line: Line,
  digits: number,
  message: (bucket: number | undefined, text: string) => LinkMessage,
): LinkMessage {
  const { count } = line;
  if (count !== 2 && count !== 3) return bad("field-count");
  const bucket = count === 2 ? undefined : parseNumber(line.field(1));
  const isBucket = count === 2 || bucket !== undefined && bucket <= BUCKET_MAX;
  if (!isBucket) return bad("bad-number");
  const text = line.field(count - 1);
  if (text.length !== digits || !isHex(text)) return bad("bad-hex");
  return message(bucket, text);
}

/** PRUNE <server> */
function parsePrune(line: Line): PruneMessage | Bad {
  if (line.count !== 2) return bad("field-count");
  return { kind: "prune", server: line.field(1) };
}

/** QUERY <id> <ms> <client> */
function parseQuery(line: Line): QueryMessage | Bad {
  if (line.count !== 4) return bad("field-count");
  const ms = parseNumber(line.field(2));
  if (ms === undefined) return bad("bad-number");
  return { kind: "query", id: line.field(1), ms, client: line.field(3) };
}

/** ANSWER <id> <unanswered>, and the AT line of a fix if there is one. */
function parseAnswer(line: Line): AnswerMessage | Bad {
  if (line.count < 3) return bad("field-count");
  const [id, unanswered] = [line.field(1), parseNumber(line.field(2))];
  if (unanswered === undefined) return bad("bad-number");
  const answer = { kind: "answer", id, unanswered } as const;
  if (line.count === 3) return { ...answer, fix: undefined };
  const at = line.text.slice(line.fieldStart(3) - line.start);
  const fix = parseAtLine(at);
  return fix === undefined ? bad("bad-answer") : { ...answer, fix };
}

/** MARK <number> <sum>, or HELD. */
function parseMark(line: Line, kind: MarkMessage["kind"]): MarkMessage | Bad {
  if (line.count !== 3) return bad("field-count");
  const [number, sum] = [parseNumber(line.field(1)), line.field(2)];
  if (number === undefined) {
    return bad("bad-number");
  }
  if (sum.length !== MARK_DIGITS || !isHex(sum)) return bad("bad-hex");
  return { kind, number, sum };
}

/** A message that is one number. */
function parseCounted(
  line: Line,
  message: (number: number) => LinkMessage,
): LinkMessage {
  if (line.count !== 2) return bad("field-count");
  const number = parseNumber(line.field(1));
  return number === undefined ? bad("bad-number") : message(number);
}

/** The head of a list. */
function parseList(line: Line, kind: ListKind): LinkMessage {
  return parseCounted(
    line,
    (lines) => lines > LIST_MAX ? bad("bad-number") : { kind, lines },
  );
}

/** All messages but AT, by first word. */
const PARSERS: Readonly<
  Record<Exclude<LineKind, "AT">, (line: Line) => LinkMessage>
> = {
  SYNC: (line) => parseDigest(line, "sync"),
  HAVE: (line) => parseList(line, "have"),
  WANT: (line) => parseList(line, "want"),
  IHAVE: (line) => parseList(line, "ihave"),
  GRAFT: (line) => parseList(line, "graft"),
  PRUNE: parsePrune,
  SUMS: (line) =>
    parseByBucket(
      line,
      SUMS_DIGITS,
      (bucket, sums) => ({ kind: "sums", bucket, sums }),
    ),
  DIFF: (line) =>
    parseByBucket(
      line,
      CHILDREN_DIGITS,
      (bucket, children) => ({ kind: "diff", bucket, children }),
    ),
  CHECK: (line) => parseDigest(line, "check"),
  UNEQUAL: (line) => parseDigest(line, "unequal"),
  QUERY: parseQuery,
  ANSWER: parseAnswer,
  MARK: (line) => parseMark(line, "mark"),
  HELD: (line) => parseMark(line, "held"),
  MISSED: (line) =>
    parseCounted(line, (number) => ({ kind: "missed", number })),
  PING: (line) => parseCounted(line, (number) => ({ kind: "ping", number })),
  PONG: (line) => parseCounted(line, (number) => ({ kind: "pong", number })),
};

const PARSERS_BY_WORD = new Map(Object.entries(PARSERS));

/** Reads a line of a WANT or GRAFT list, which is a client's ID. */
export function parseWanted(line: Line): ByteString | Bad {
  return line.count === 1 ? line.field(0) : bad("field-count");
}

function parseNumber(text: ByteString): number | undefined {
  const number = Number(text);
  return /^[0-9]+$/.test(text) && Number.isSafeInteger(number)
    ? number
    : undefined;
}

function isTie(text: string): boolean {
  return text.length === TIE_DIGITS && isHex(text);
}

function isHex(text: string): boolean {
  return /^[0-9a-f]*$/.test(text);
}
