/**
 * The messages: what a line says, and the line that says it.
 *
 * Parsers are total: any bytes give a message or the name of what is wrong.
 *
 * @module
 */
import { type ByteString, owned } from "./bytes.ts";
import {
  decimalEnd,
  digitsEnd,
  type Instant,
  isAtMost,
  isDifference,
  readInstant,
} from "./decimal.ts";
import { Fields } from "./fields.ts";
import { Fix } from "./fix.ts";
import { longitudeStart } from "./position.ts";

/** Kilometres of the widest WHATSAT. */
const RADIUS_KM_MAX = 50;
/** Places of the longest WHATSAT. */
const ITEMS_MAX = 20;
/** Records of one HAVE or WANT; more is no list of ours. */
const LIST_MAX = 65_536;

/** What is wrong with a line. */
export type BadLine =
  | "unknown-command"
  | "field-count"
  | "bad-position"
  | "bad-time"
  | "bad-radius"
  | "bad-items"
  | "bad-difference"
  | "bad-sender"
  | "bad-number"
  | "bad-tie";

/** A client tells where it is. */
export interface Iamat {
  /** Tells the messages apart. */
  readonly kind: "iamat";
  /** The client's ID. */
  readonly client: ByteString;
  /** `<client> <position> <time>`, byte for byte, one space between two. */
  readonly rest: ByteString;
  /** The time as it was written. */
  readonly time: ByteString;
  /** The time as numbers. */
  readonly instant: Instant;
}

/** A client asks where another one is, and what is around it. */
export interface Whatsat {
  /** Tells the messages apart. */
  readonly kind: "whatsat";
  /** The ID of the client that is asked for. */
  readonly client: ByteString;
  /** Decimal text, 0 to 50. */
  readonly radiusKm: ByteString;
  /** 0 to 20. */
  readonly items: number;
}

/** A line of white space only. */
export interface Blank {
  /** Tells the messages apart. */
  readonly kind: "blank";
}

/** A line that says nothing we know. */
export interface Bad {
  /** Tells the messages apart. */
  readonly kind: "bad";
  /** What is wrong with it. */
  readonly why: BadLine;
}

/** What a client's line may be. */
export type ClientMessage = Iamat | Whatsat | Blank | Bad;

/** A neighbour passes a fix on. */
export interface At {
  /** Tells the messages apart. */
  readonly kind: "at";
  /** The client that the fix is of. */
  readonly client: ByteString;
  /** The fix. */
  readonly fix: Fix;
}

/** A neighbour tells what it holds, in short. */
export interface SyncMessage {
  /** Tells the messages apart. */
  readonly kind: "sync";
  /** The number of its clients. */
  readonly count: number;
  /** The sum of the hashes of its fixes, 16 hex digits. */
  readonly fingerprint: string;
}

/** A neighbour begins a list: of its versions, or of clients that it asks for. */
export interface ListMessage {
  /** Tells the messages apart. */
  readonly kind: "have" | "want";
  /** The lines of the list, which come next. */
  readonly lines: number;
}

/** A neighbour asks whether we are there, or tells that it is. */
export interface BeatMessage {
  /** Tells the messages apart. */
  readonly kind: "ping" | "pong";
  /** A PONG repeats the number of its PING. */
  readonly number: number;
}

/** What a neighbour's line may be, outside a list. */
export type LinkMessage =
  | At
  | SyncMessage
  | ListMessage
  | BeatMessage
  | Blank
  | Bad;

/** A line of a HAVE list: a version of a client's fix. */
export interface Version {
  /** The client's ID. */
  readonly client: ByteString;
  /** The time of the fix, as written. */
  readonly time: ByteString;
  /** The hash of the fix, 16 hex digits. */
  readonly tie: string;
}

const BLANK: Blank = { kind: "blank" };

function bad(why: BadLine): Bad {
  return { kind: "bad", why };
}

/** One for all parsers: a line is parsed wholly before the next one begins. */
const fields = new Fields();

/** Reads a client's line, `text` from `start` to `end`. */
export function parseClientLine(
  text: ByteString,
  start: number,
  end: number,
): ClientMessage {
  const count = fields.split(text, start, end);
  if (count === 0) return BLANK;
  if (fields.is(0, "IAMAT")) {
    return count === 4 ? parseIamat(text) : bad("field-count");
  }
  if (fields.is(0, "WHATSAT")) {
    return count === 4 ? parseWhatsat(text) : bad("field-count");
  }
  return bad("unknown-command");
}

function parseIamat(text: ByteString): Iamat | Bad {
  if (longitudeStart(text, fields.start(2), fields.end(2)) < 0) {
    return bad("bad-position");
  }
  const instant = readInstant(text, fields.start(3), fields.end(3));
  if (instant === undefined) return bad("bad-time");
  return {
    kind: "iamat",
    client: fields.at(1),
    rest: fields.join(1, 3),
    time: fields.at(3),
    instant,
  };
}

function parseWhatsat(text: ByteString): Whatsat | Bad {
  const [radius, radiusEnd] = [fields.start(2), fields.end(2)];
  if (
    decimalEnd(text, radius, radiusEnd) !== radiusEnd ||
    !isAtMost(text, radius, radiusEnd, RADIUS_KM_MAX)
  ) return bad("bad-radius");
  const [items, itemsEnd] = [fields.start(3), fields.end(3)];
  if (
    digitsEnd(text, items, itemsEnd) !== itemsEnd ||
    !isAtMost(text, items, itemsEnd, ITEMS_MAX)
  ) return bad("bad-items");
  return {
    kind: "whatsat",
    client: fields.at(1),
    radiusKm: fields.at(2),
    items: Number(fields.at(3)),
  };
}

/**
 * Reads a neighbour's line.
 *
 * @param sender The neighbour: an AT must name it as the one that passes it on.
 */
export function parseLinkLine(
  text: ByteString,
  start: number,
  end: number,
  sender: ByteString,
): LinkMessage {
  const count = fields.split(text, start, end);
  if (count === 0) return BLANK;
  switch (fields.at(0)) {
    case "AT":
      if (count !== 7) return bad("field-count");
      return fields.is(6, sender) ? parseAt(text) : bad("bad-sender");
    case "SYNC": {
      if (count !== 3) return bad("field-count");
      const number = parseNumber(1);
      if (number === undefined) return bad("bad-number");
      const fingerprint = fields.at(2);
      if (!isTie(fingerprint)) return bad("bad-tie");
      return { kind: "sync", count: number, fingerprint };
    }
    case "HAVE":
    case "WANT": {
      if (count !== 2) return bad("field-count");
      const lines = parseNumber(1);
      if (lines === undefined || lines > LIST_MAX) return bad("bad-number");
      return { kind: fields.is(0, "HAVE") ? "have" : "want", lines };
    }
    case "PING":
    case "PONG": {
      if (count !== 2) return bad("field-count");
      const number = parseNumber(1);
      if (number === undefined) return bad("bad-number");
      return { kind: fields.is(0, "PING") ? "ping" : "pong", number };
    }
    default:
      return bad("unknown-command");
  }
}

function parseAt(text: ByteString): At | Bad {
  if (!isDifference(text, fields.start(2), fields.end(2))) {
    return bad("bad-difference");
  }
  if (longitudeStart(text, fields.start(4), fields.end(4)) < 0) {
    return bad("bad-position");
  }
  const instant = readInstant(text, fields.start(5), fields.end(5));
  if (instant === undefined) return bad("bad-time");
  const fix = new Fix(owned("AT ", fields.join(1, 5)), instant);
  return { kind: "at", client: fields.at(3), fix };
}

/**
 * Reads an AT line as a client sees it, without a sender; `undefined` if it is
 * none.
 */
export function parseAtLine(line: ByteString): Fix | undefined {
  if (fields.split(line, 0, line.length) !== 6) return undefined;
  if (!fields.is(0, "AT")) return undefined;
  const parsed = parseAt(line);
  return parsed.kind === "at" ? parsed.fix : undefined;
}

/** Reads a line of a HAVE list: `<client> <time> <tie>`. */
export function parseVersion(
  text: ByteString,
  start: number,
  end: number,
): Version | Bad {
  if (fields.split(text, start, end) !== 3) return bad("field-count");
  if (readInstant(text, fields.start(1), fields.end(1)) === undefined) {
    return bad("bad-time");
  }
  const tie = fields.at(2);
  if (!isTie(tie)) return bad("bad-tie");
  return { client: fields.at(0), time: fields.at(1), tie };
}

/** Reads a line of a WANT list: a client, and nothing else. */
export function parseWanted(
  text: ByteString,
  start: number,
  end: number,
): ByteString | Bad {
  return fields.split(text, start, end) === 1
    ? fields.at(0)
    : bad("field-count");
}

/** What is sent for a line that can't be carried out: `? ` and the line. */
export function questionReply(line: ByteString): ByteString {
  return "? " + line + "\n";
}

function parseNumber(index: number): number | undefined {
  const text = fields.at(index);
  const number = Number(text);
  return digitsEnd(text, 0, text.length) === text.length &&
      Number.isSafeInteger(number)
    ? number
    : undefined;
}

function isTie(text: string): boolean {
  return /^[0-9a-f]{16}$/.test(text);
}
