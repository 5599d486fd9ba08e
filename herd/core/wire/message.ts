/**
 * The messages of clients: what a line means, and how it is written. Those of
 * neighbours are in `link_message.ts`.
 *
 * Parsers are total: any bytes give a message or the name of an error.
 *
 * @module
 */
import { ByteBlock } from "../bytes/block.ts";
import { bytesOf, type ByteString, isText } from "../bytes/bytes.ts";
import {
  decimalEnd,
  differenceEnd,
  digitsEnd,
  type Instant,
  readInstant,
} from "../bytes/decimal.ts";
import type { FixSpan } from "./fix.ts";
import { Line } from "./line.ts";
import { positionEnd } from "./position.ts";
import type { At, Iamat } from "./fix_messages.ts";
import { ITEMS_MAX, RADIUS_KM_MAX } from "./whatsat_bounds.ts";

/** How the first line of an HTTP request ends. */
const WEB_ENDS = [" HTTP/1.1", " HTTP/1.0"];

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

/**
 * A client asks where another one is, and what is around it: the ID, the radius
 * and the number of results are fields 1 to 3 of its line; see {@linkcode
 * whatsatFields}.
 */
export interface Whatsat {
  readonly kind: "whatsat";
}

/** The fields of a WHATSAT, copied out of its line. */
export interface WhatsatFields {
  readonly client: ByteString;
  /** Decimal text, 0 to 50. */
  readonly radiusKm: ByteString;
  /** 0 to 20. */
  readonly items: number;
}

/** A line of white space only. */
export interface Blank {
  readonly kind: "blank";
}

/** An invalid line. */
export interface Bad {
  readonly kind: "bad";
  readonly why: BadLine;
}

/** What a client's line may be. */
export type ClientMessage = Iamat | Whatsat | Blank | Bad;

const WHATSAT: Whatsat = { kind: "whatsat" };

export const BLANK: Blank = { kind: "blank" };

export function bad(why: BadLine): Bad {
  return { kind: "bad", why };
}

/** Reads a client's line. The message is valid until the next line is read. */
export function parseClientLine(line: Line): ClientMessage {
  if (line.common?.kind === "iamat") return line.common;
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
  if (!isPosition(line, 2)) return bad("bad-position");
  const { block } = line;
  const [start, end] = [line.fieldStart(3), line.fieldEnd(3)];
  const instant = readInstant(block.bytes, start, end);
  if (instant === undefined) return bad("bad-time");
  return {
    kind: "iamat",
    ...line.isPlain(1, 3)
      ? {
        block,
        clientStart: line.fieldStart(1),
        clientEnd: line.fieldEnd(1),
        end,
      }
      : spaced(line),
    ...instant,
  };
}

/** Fields 1 to 3 with one space between two, in a block of their own. */
function spaced(line: Line) {
  const client = line.field(1);
  const text = `${client} ${line.field(2)} ${line.field(3)}`;
  const block = new ByteBlock(bytesOf(text));
  return {
    block,
    clientStart: 0,
    clientEnd: client.length,
    end: text.length,
  };
}

function isPosition(line: Line, index: number): boolean {
  const end = line.fieldEnd(index);
  return positionEnd(line.block.bytes, line.fieldStart(index), end) === end;
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

export function whatsatFields(line: Line): WhatsatFields {
  return {
    client: line.field(1),
    radiusKm: line.field(2),
    items: Number(line.field(3)),
  };
}

/** Reads an AT line by its fields 0 to 5, whatever follows them. */
export function parseAt(line: Line): At | Bad {
  const { block } = line;
  if (!line.isPlain(0, 5)) return bad("bad-spacing");
  const end = line.fieldEnd(2);
  if (differenceEnd(block.bytes, line.fieldStart(2), end) !== end) {
    return bad("bad-difference");
  }
  if (!isPosition(line, 4)) return bad("bad-position");
  const instant = readInstant(
    block.bytes,
    line.fieldStart(5),
    line.fieldEnd(5),
  );
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
 * Reads an AT line without a sender, as clients see it; `undefined` if invalid.
 */
export function parseAtLine(text: ByteString): FixSpan | undefined {
  if (text.includes("\n")) return undefined;
  scratch.scan(new ByteBlock(bytesOf(text)), 0, text.length, true);
  return parseStoredLine(scratch);
}

/** For lines that are read at once: a fix keeps the block, and not the line. */
const scratch = new Line();

/** As {@linkcode parseAtLine}, for a line in a block. */
export function parseStoredLine(line: Line): FixSpan | undefined {
  if (line.count !== 6 || !line.is(0, "AT")) return undefined;
  const parsed = parseAt(line);
  return parsed.kind === "at" ? parsed.fix : undefined;
}

/**
 * Whether a line is the first one of an HTTP request. The rest may be
 * controlled by a web page, which can send any body, commands too.
 */
export function isWebRequest(line: Line): boolean {
  const { end } = line;
  const start = end - WEB_ENDS[0]!.length;
  return start >= line.start &&
    WEB_ENDS.some((text) => isText(line.block.bytes, start, end, text));
}

/** The reply to a line that can't be carried out: `? ` and the line. */
export function questionReply(line: ByteString): ByteString {
  return "? " + line + "\n";
}

/** Reads a time; `undefined` if it is invalid. */
export function parseInstant(text: ByteString): Instant | undefined {
  return readInstant(bytesOf(text), 0, text.length);
}
