/**
 * What a places service answered, made ready to go out behind an AT line.
 *
 * Two newlines end a reply, so a body may hold none in a row. Beyond that, its
 * bytes are the service's own; only where results are cut is it printed anew,
 * in the form that Google prints: three spaces, `"key" : value`.
 *
 * @module
 */
import { type ByteString, readable, utf8 } from "./bytes.ts";

/** Why a body is none of a places service. */
export type BadPlaces = "not-json" | "not-an-object" | "too-deep";

/** A body of a places service. */
export interface Places {
  /** The body as it goes out if nothing is cut. */
  readonly text: ByteString;
  /** Google's word for how it went, `OK` or `ZERO_RESULTS`, if it has one. */
  readonly status: string | undefined;
  /** What the body says; its numbers as the digits that stand there. */
  readonly content: JsonObject;
}

/** What {@linkcode parsePlaces} made of a body. */
export type ParsedPlaces =
  | { readonly ok: true; readonly places: Places }
  | { readonly ok: false; readonly why: BadPlaces };

/** A number as it is written: a double would lose digits. */
export class Digits {
  /** Takes the digits as they are. */
  constructor(
    /** The number's JSON text. */
    readonly text: string,
  ) {}
}

/** A JSON value; its numbers may be doubles, or digits. */
export type Json =
  | null
  | boolean
  | number
  | string
  | Digits
  | readonly Json[]
  | JsonObject;

/** A JSON object. */
export interface JsonObject {
  /** A member. */
  readonly [key: string]: Json;
}

/** Levels of nesting. Google's bodies have five; more than this is no answer. */
const DEPTH_MAX = 64;
const INDENT = "   ";
/** Where Google's printer breaks a list of plain values into lines. */
const LINE_MAX = 74;

/**
 * Reads a body. Never throws: what is no JSON object is named in the result.
 *
 * @param body The bytes as the service sent them.
 */
export function parsePlaces(body: ByteString): ParsedPlaces {
  let content: Json;
  try {
    content = JSON.parse(readable(body), keepDigits);
  } catch (error) {
    // The engine visits values by recursion, and runs out of stack first.
    const why = error instanceof RangeError ? "too-deep" : "not-json";
    return { ok: false, why };
  }
  if (!isObject(content)) return { ok: false, why: "not-an-object" };
  if (isDeeper(content, DEPTH_MAX)) return { ok: false, why: "too-deep" };
  const status = typeof content.status === "string"
    ? content.status
    : undefined;
  return { ok: true, places: { text: oneNewline(body), status, content } };
}

/**
 * The body with at most `itemsMax` results, as it goes out: no two newlines in
 * a row, none at its ends.
 *
 * @example Nothing to cut
 * ```ts
 * import { parsePlaces, placesText } from "./places.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const parsed = parsePlaces('{"results": [1, 2]}\n\n');
 * assert(parsed.ok);
 * assertEquals(placesText(parsed.places, 2), '{"results": [1, 2]}');
 * assertEquals(placesText(parsed.places, 1), '{\n   "results" : [ 1 ]\n}');
 * ```
 */
export function placesText(places: Places, itemsMax: number): ByteString {
  const { results } = places.content;
  if (!Array.isArray(results) || results.length <= itemsMax) return places.text;
  const cut = { ...places.content, results: results.slice(0, itemsMax) };
  return utf8(googleJson(cut));
}

/**
 * The body for a lookup that failed, in the form of Google's own error bodies.
 *
 * @param why What failed, in plain words.
 */
export function failedPlacesText(why: string): ByteString {
  return utf8(googleJson({
    error_message: why,
    html_attributions: [],
    results: [],
    status: "UNKNOWN_ERROR",
  }));
}

/**
 * Prints JSON as Google's web services do: three spaces a level, a space on
 * both sides of the colon, lists of plain values on one line if they fit.
 *
 * @param indent What stands before the value's own lines.
 */
export function googleJson(value: Json, indent = ""): string {
  if (value instanceof Digits) return value.text;
  const inner = indent + INDENT;
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => googleJson(item, inner));
    if (items.length === 0) return "[]";
    const line = `[ ${items.join(", ")} ]`;
    if (line.length < LINE_MAX && !value.some(hasContent)) return line;
    return `[\n${inner}${items.join(`,\n${inner}`)}\n${indent}]`;
  }
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) =>
    `${JSON.stringify(key)} : ${googleJson(member, inner)}`
  );
  if (members.length === 0) return "{}";
  return `{\n${inner}${members.join(`,\n${inner}`)}\n${indent}}`;
}

/**
 * A distance in metres, exactly: digits are moved, nothing is rounded.
 *
 * @param km An unsigned decimal, `1.2345`.
 * @example
 * ```ts
 * import { metresOf } from "./places.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["50", "0.5", "1.2345"].map(metresOf), ["50000", "500", "1234.5"]);
 * ```
 */
export function metresOf(km: ByteString): ByteString {
  const [whole = "", part = ""] = km.split(".");
  const digits = whole + part.padEnd(3, "0");
  const point = whole.length + 3;
  let first = 0;
  while (first < point - 1 && digits[first] === "0") first++;
  let last = digits.length;
  while (last > point && digits[last - 1] === "0") last--;
  const metres = digits.slice(first, point);
  return last === point ? metres : `${metres}.${digits.slice(point, last)}`;
}

/** Makes every run of newlines one, and takes those at the ends away. */
function oneNewline(body: ByteString): ByteString {
  let first = 0;
  let last = body.length;
  while (first < last && isNewline(body[first])) first++;
  while (last > first && isNewline(body[last - 1])) last--;
  // A carriage return alone ends no line; before or after a newline, it would
  // leave an empty line to whoever reads lines.
  return body.slice(first, last).replace(
    /[\r\n]+/g,
    (run) => run.includes("\n") ? "\n" : run,
  );
}

function isNewline(byte: string | undefined): boolean {
  return byte === "\n" || byte === "\r";
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null &&
    !Array.isArray(value) && !(value instanceof Digits);
}

function hasContent(value: Json): boolean {
  return (Array.isArray(value) && value.length > 0) ||
    (isObject(value) && Object.keys(value).length > 0);
}

function isDeeper(value: Json, levels: number): boolean {
  if (!hasContent(value)) return false;
  return levels === 0 ||
    Object.values(value as JsonObject).some((part) =>
      isDeeper(part, levels - 1)
    );
}

/** A reviver that keeps a number's digits. Other values pass. */
function keepDigits(
  _key: string,
  value: Json,
  context?: { readonly source?: string },
): Json {
  return typeof value === "number" && context?.source !== undefined
    ? new Digits(context.source)
    : value;
}
