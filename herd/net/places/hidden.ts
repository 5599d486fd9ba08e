/**
 * Removes a secret from a service's answers: it may quote the address that was
 * requested, which includes the key.
 *
 * @module
 */
import {
  bytesOf,
  type ByteString,
  byteString,
  joined,
  utf8,
} from "../../core/bytes/bytes.ts";
import { isEscaped } from "./json.ts";
import type { Slices } from "../slices.ts";

/** Replaces the secret. */
const HIDDEN = "***";
/** Bytes searched at a time: several megabytes take 50 ms. */
const SLICE_BYTES = 65_536;
/**
 * Characters common in JSON and HTML that are never part of another character's
 * escaped form.
 */
const BORDERS = ['"', ",", "{", "}", "<", ">", "\n"];

/** A secret that must not be shown. */
export class Hidden {
  readonly #pattern: RegExp | undefined;
  /** Bytes that do not occur in any form of the secret. */
  readonly #borders: ReadonlySet<number>;

  /** @param secret Without it, nothing is hidden. */
  constructor(secret?: string) {
    const signs = BORDERS.filter((sign) => !secret?.includes(sign));
    this.#borders = new Set(signs.map((sign) => sign.charCodeAt(0)));
    if (!secret) return;
    const bytes = Array.from(utf8(secret), patternOf);
    this.#pattern = new RegExp(bytes.join(""), "g");
  }

  /** A text without the secret, in whatever form it was quoted. */
  in(text: ByteString): ByteString {
    if (this.#pattern === undefined) return text;
    return text.replace(
      this.#pattern,
      (match, at: number) => isEscaped(text, at) ? match : HIDDEN,
    );
  }

  /** A body without the secret; the same body if it does not contain it. */
  *inBody(body: Uint8Array): Slices<Uint8Array> {
    if (this.#pattern === undefined) return body;
    const pieces: Uint8Array[] = [];
    let isFound = false;
    for (let first = 0; first < body.length;) {
      const end = this.#endOf(body, first);
      const piece = body.subarray(first, end);
      const text = byteString(piece);
      const shown = this.in(text);
      pieces.push(shown === text ? piece : bytesOf(shown));
      isFound ||= shown !== text;
      first = end;
      yield;
    }
    return isFound ? joined(pieces) : body;
  }

  /** Where a piece may end without cutting a secret in two. */
  #endOf(body: Uint8Array, first: number): number {
    let end = Math.min(first + SLICE_BYTES, body.length);
    while (end < body.length && !this.#borders.has(body[end - 1]!)) end++;
    return end;
  }
}

/** Matches a byte as it is, as escaped in a URL, or as escaped in JSON. */
function patternOf(byte: string): string {
  const hex = byte.charCodeAt(0).toString(16).padStart(2, "0");
  const digits = hex.replace(
    /[a-f]/g,
    (digit) => `[${digit}${digit.toUpperCase()}]`,
  );
  // A query may be quoted as part of another, and so escaped twice.
  const forms = [`\\x${hex}`, `%(?:25)*${digits}`, `\\\\u00${digits}`];
  if (byte === "/") forms.push("\\\\/");
  if (byte === " ") forms.push("\\+");
  return `(?:${forms.join("|")})`;
}
