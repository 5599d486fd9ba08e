/**
 * The messages of clients: what a line says, and the line that says it. Those of
 * neighbours are in `link_message.ts`.
 *
 * Parsers are total: any bytes give a message or the name of what is wrong.
 *
 * @module
 */
import { bytesOf, type ByteString } from "./bytes.ts";
import {
  decimalEnd,
  digitsEnd,
  type Instant,
  isDifference,
  readInstant,
} from "./decimal.ts";
import type { FixSpan } from "./fix.ts";
import { Line } from "./line.ts";
import { longitudeStart } from "./position.ts";

/** Kilometres of the widest WHATSAT. */
const RADIUS_KM_MAX = 50;
/** Places of the longest WHATSAT. */
const ITEMS_MAX = 20;
/** What is wrong with a line. */
export type BadLine =
  | "unknown-command"
  | "field-count"
  | "bad-position"
  | "bad-time"
  | "bad-radius"
  | "bad-items"
  | "bad-spacing"
  | "bad-difference"
  | "bad-sender"
  | "bad-number"
  | "bad-tie"
  | "bad-hex"
  | "bad-answer";

/** A client tells where it is: fields 1 to 3 of its line say who, where and when. */
export interface Iamat {
  /** Tells the messages apart. */
  readonly kind: "iamat";
  /** The time as numbers. */
  readonly instant: Instant;
}

/**
 * A client asks where another one is, and what is around it: fields 1 to 3 of
 * its line say who, within how far and how much; see {@linkcode whatsatFields}.
 */
export interface Whatsat {
  /** Tells the messages apart. */
  readonly kind: "whatsat";
}

/** What a WHATSAT asks, as text of its own. */
export interface WhatsatFields {
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
  /** The fix, where it lies in the line. */
  readonly fix: FixSpan;
}

const WHATSAT: Whatsat = { kind: "whatsat" };

/** The one blank message. */
export const BLANK: Blank = { kind: "blank" };

/** Names what is wrong. */
export function bad(why: BadLine): Bad {
  return { kind: "bad", why };
}

/** Reads a client's line. */
export function parseClientLine(line: Line): ClientMessage {
  const { count } = line;
  if (count === 0) return BLANK;
  if (line.is(0, "IAMAT")) {
    return count === 4 ? parseIamat(line) : bad("field-count");
  }
  if (line.is(0, "WHATSAT")) {
    return count === 4 ? parseWhatsat(line) : bad("field-count");
  }
  return bad("unknown-command");
}

function parseIamat(line: Line): Iamat | Bad {
  const { bytes } = line.block;
  if (longitudeStart(bytes, line.fieldStart(2), line.fieldEnd(2)) < 0) {
    return bad("bad-position");
  }
  const instant = readInstant(bytes, line.fieldStart(3), line.fieldEnd(3));
  return instant === undefined ? bad("bad-time") : { kind: "iamat", instant };
}

function parseWhatsat(line: Line): Whatsat | Bad {
  const { bytes } = line.block;
  const [radius, radiusEnd] = [line.fieldStart(2), line.fieldEnd(2)];
  if (decimalEnd(bytes, radius, radiusEnd, RADIUS_KM_MAX) !== radiusEnd) {
    return bad("bad-radius");
  }
  const [items, itemsEnd] = [line.fieldStart(3), line.fieldEnd(3)];
  if (
    digitsEnd(bytes, items, itemsEnd) !== itemsEnd ||
    decimalEnd(bytes, items, itemsEnd, ITEMS_MAX) !== itemsEnd
  ) return bad("bad-items");
  return WHATSAT;
}

/** The fields of a line that is a WHATSAT. */
export function whatsatFields(line: Line): WhatsatFields {
  return {
    client: line.field(1),
    radiusKm: line.field(2),
    items: Number(line.field(3)),
  };
}

/** Fields 0 to 5 of an AT line, whatever comes after them. */
export function parseAt(line: Line): At | Bad {
  const { block } = line;
  const { bytes } = block;
  if (!line.isPlain(0, 5)) return bad("bad-spacing");
  if (!isDifference(bytes, line.fieldStart(2), line.fieldEnd(2))) {
    return bad("bad-difference");
  }
  if (longitudeStart(bytes, line.fieldStart(4), line.fieldEnd(4)) < 0) {
    return bad("bad-position");
  }
  const instant = readInstant(bytes, line.fieldStart(5), line.fieldEnd(5));
  if (instant === undefined) return bad("bad-time");
  const fix = {
    block,
    start: line.fieldStart(0),
    end: line.fieldEnd(5),
    clientStart: line.fieldStart(3),
    clientEnd: line.fieldEnd(3),
    seconds: instant.seconds,
    nanos: instant.nanos,
  };
  return { kind: "at", fix };
}

/**
 * Reads an AT line as a client sees it, without a sender; `undefined` if it is
 * none.
 */
export function parseAtLine(text: ByteString): FixSpan | undefined {
  if (text.includes("\n")) return undefined;
  const line = Line.of(text);
  if (line.count !== 6 || !line.is(0, "AT")) return undefined;
  const parsed = parseAt(line);
  return parsed.kind === "at" ? parsed.fix : undefined;
}

/** What is sent for a line that can't be carried out: `? ` and the line. */
export function questionReply(line: ByteString): ByteString {
  return "? " + line + "\n";
}

/** Reads a time by itself; `undefined` if it is none. */
export function parseInstant(text: ByteString): Instant | undefined {
  return readInstant(bytesOf(text), 0, text.length);
}
