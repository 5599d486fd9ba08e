/**
 * Takes a secret out of what others say: a service may quote the address that
 * it was asked at, and the key in it.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import {
  bytesOf,
  type ByteString,
  byteString,
  utf8,
} from "../../core/bytes/bytes.ts";
import { isEscaped } from "./json.ts";
import type { Slices } from "../slices.ts";

/** What stands in the secret's place. */
const HIDDEN = "***";
/** Bytes that are gone through at a time: some megabytes take 50 ms. */
const SLICE_BYTES = 65_536;
/** What JSON and pages are full of, and no form of a sign but the sign itself. */
const BORDERS = ['"', ",", "{", "}", "<", ">", "\n"];

/** A secret that is not to be seen. */
export class Hidden {
  readonly #pattern: RegExp | undefined;
  /** Bytes that no way of writing the secret has. */
  readonly #borders: ReadonlySet<number>;

  /** Hides `secret`; nothing if there is none. */
  constructor(secret?: string) {
    const signs = BORDERS.filter((sign) => !secret?.includes(sign));
    this.#borders = new Set(signs.map((sign) => sign.charCodeAt(0)));
    if (!secret) return;
    const bytes = Array.from(utf8(secret), patternOf);
    this.#pattern = new RegExp(bytes.join(""), "g");
  }

  /** A text without the secret, in whichever way it was written there. */
  in(text: ByteString): ByteString {
    if (this.#pattern === undefined) return text;
    return text.replace(
      this.#pattern,
      (match, at: number) => isEscaped(text, at) ? match : HIDDEN,
    );
  }

  /** A body without the secret; the body itself where it has none. */
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
    return isFound ? Buffer.concat(pieces) : body;
  }

  /** Where a piece may end so that no secret is cut in two. */
  #endOf(body: Uint8Array, first: number): number {
    let end = Math.min(first + SLICE_BYTES, body.length);
    while (end < body.length && !this.#borders.has(body[end - 1]!)) end++;
    return end;
  }
}

/** Matches a byte as it is, as a URL writes it, or as JSON does. */
function patternOf(byte: string): string {
  const hex = byte.charCodeAt(0).toString(16).padStart(2, "0");
  const digits = hex.replace(
    /[a-f]/g,
    (digit) => `[${digit}${digit.toUpperCase()}]`,
  );
  // A query may be quoted as a part of another.
  const forms = [`\\x${hex}`, `%(?:25)*${digits}`, `\\\\u00${digits}`];
  if (byte === "/") forms.push("\\\\/");
  if (byte === " ") forms.push("\\+");
  return `(?:${forms.join("|")})`;
}
