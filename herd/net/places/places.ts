/**
 * A places service's answer, prepared to follow an AT line.
 *
 * Two newlines end a reply, so a body must not contain two in a row. Otherwise
 * its bytes are the service's own; only if results are cut is it printed anew,
 * in Google's format: three spaces, `"key" : value`.
 *
 * @module
 */
import {
  type ByteString,
  byteString,
  CR,
  LF,
  utf8,
} from "../../core/bytes/bytes.ts";
import {
  type BadJson,
  isObject,
  type Json,
  type JsonMembers,
  readJson,
} from "./json.ts";
import { googleJson, googlePieces } from "./google_json.ts";
import { ITEMS_MAX } from "../../core/wire/whatsat_bounds.ts";
import { type Slices, whole } from "../slices.ts";

/** Why a body is not from a places service. */
export type BadPlaces = BadJson | "not-an-object";

export interface Places {
  /** The body to send if nothing is cut. */
  readonly text: ByteString;
  /** Google's status, such as `OK` or `ZERO_RESULTS`, if there is one. */
  readonly status: string | undefined;
  /** The service's own error message, if there is one. */
  readonly complaint: string | undefined;
  /**
   * The parsed body; numbers keep their digits. Its results are limited to one
   * more than a client can ask for.
   */
  readonly content: JsonMembers;
}

export type ParsedPlaces =
  | { readonly ok: true; readonly places: Places }
  | { readonly ok: false; readonly why: BadPlaces };

/** Maximum nesting. Google's bodies have five levels. */
const DEPTH_MAX = 64;
/** One result more than a client can ask for; the rest is not read. */
const RESULTS_READ = { key: "results", items: ITEMS_MAX + 1 };
/** Members copied before others get a turn. */
const SLICE_MEMBERS = 1_000;
/** Characters of a service's error message that are passed on. */
const WORDS_MAX = 500;
/** Characters processed before others get a turn. */
const SLICE_CHARS = 262_144;
const BYTE_ORDER_MARK: ByteString = "\xef\xbb\xbf";

/**
 * Reads a body. Never throws: if it is not a JSON object, the result says so.
 *
 * @param body The bytes as the service sent them.
 */
export function* parsePlaces(body: Uint8Array): Slices<ParsedPlaces> {
  const said = yield* decoded(body);
  const read = yield* readJson(said, DEPTH_MAX, RESULTS_READ);
  if (!read.ok) return read;
  const content = read.value;
  if (!isObject(content)) return { ok: false, why: "not-an-object" };
  const told = content.get("status");
  const status = typeof told === "string" ? told : undefined;
  const text = yield* oneNewline(body);
  const complaint = complaintOf(content);
  return { ok: true, places: { text, status, complaint, content } };
}

function* decoded(body: Uint8Array): Slices<string> {
  const decoder = new TextDecoder();
  let text = "";
  for (let at = 0; at < body.length; at += SLICE_CHARS) {
    const slice = body.subarray(at, at + SLICE_CHARS);
    text += decoder.decode(slice, { stream: true });
    yield;
  }
  return text + decoder.decode();
}

/**
 * Older Google services put the error in `error_message`, newer ones in
 * `{"error": {"message": …}}`, and many others in `{"error": "…"}`.
 */
function complaintOf(content: JsonMembers): string | undefined {
  const error = content.get("error") ?? null;
  const said = content.get("error_message") ??
    (isObject(error) ? error.get("message") : error);
  return typeof said === "string"
    ? said.trim().slice(0, WORDS_MAX).replace(/\.$/, "")
    : undefined;
}

/**
 * The body to send, with at most `itemsMax` results: without two newlines in a
 * row, and without any at its ends.
 *
 * @example Nothing to cut
 * ```ts
 * import { bytesOf } from "../../core/bytes/bytes.ts";
 * import { parsePlaces, placesText } from "./places.ts";
 * import { whole } from "../slices.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const parsed = whole(parsePlaces(bytesOf('{"results": [1, 2]}\n\n')));
 * assert(parsed.ok);
 * const cut = (max: number) => whole(placesText(parsed.places, max));
 * assertEquals(cut(2), '{"results": [1, 2]}');
 * assertEquals(cut(1), '{\n   "results" : [ 1 ]\n}');
 * ```
 */
export function* placesText(
  places: Places,
  itemsMax: number,
): Slices<ByteString> {
  const results = places.content.get("results");
  if (!Array.isArray(results) || results.length <= itemsMax) return places.text;
  const cut = new Map<string, Json>();
  for (const [key, value] of places.content) {
    cut.set(key, key === "results" ? results.slice(0, itemsMax) : value);
    if (cut.size % SLICE_MEMBERS === 0) yield;
  }
  let bytes = "";
  for (const piece of yield* googlePieces(cut)) {
    bytes += utf8(piece);
    yield;
  }
  return bytes;
}

/**
 * The body for a failed lookup, in the format of Google's own error bodies.
 *
 * @param why What failed, in plain words.
 */
export function failedPlacesText(why: string): ByteString {
  return utf8(whole(googleJson({
    error_message: why,
    html_attributions: [],
    results: [],
    status: "UNKNOWN_ERROR",
  })));
}

/**
 * Converts kilometres to metres exactly: digits are moved, nothing is rounded.
 *
 * @param km An unsigned decimal, `1.2345`.
 *
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

/**
 * Removes a byte order mark and outer newlines; runs of newlines become one.
 */
function* oneNewline(body: Uint8Array): Slices<ByteString> {
  const mark = byteString(body.subarray(0, BYTE_ORDER_MARK.length));
  let first = mark === BYTE_ORDER_MARK ? BYTE_ORDER_MARK.length : 0;
  let last = body.length;
  while (first < last && isNewline(body[first])) first++;
  while (last > first && isNewline(body[last - 1])) last--;
  let text = "";
  while (first < last) {
    let end = Math.min(first + SLICE_CHARS, last);
    while (end < last && isNewline(body[end])) end++;
    // A lone carriage return does not end a line; next to a newline, it would
    // leave an empty line for a client that reads lines.
    text += byteString(body.subarray(first, end)).replace(
      /[\r\n]{2,}/g,
      (run) => run.includes("\n") ? "\n" : run,
    );
    first = end;
    yield;
  }
  return text;
}

function isNewline(byte: number | undefined): boolean {
  return byte === LF || byte === CR;
}
