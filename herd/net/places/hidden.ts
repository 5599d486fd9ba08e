/**
 * Takes a secret out of what others say: a service may quote the address that
 * it was asked at, and the key in it.
 *
 * @module
 */
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
/** Bytes that are made at a time: of some megabytes, all take 50 ms. */
const SLICE_BYTES = 65_536;

/** A secret that is not to be seen. */
export class Hidden {
  readonly #pattern: RegExp | undefined;

  /** Hides `secret`; nothing if there is none. */
  constructor(secret?: string) {
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
    const text = byteString(body);
    yield;
    const shown = this.in(text);
    yield;
    if (shown === text) return body;
    const bytes = new Uint8Array(shown.length);
    for (let at = 0; at < shown.length; at += SLICE_BYTES) {
      bytes.set(bytesOf(shown.slice(at, at + SLICE_BYTES)), at);
      yield;
    }
    return bytes;
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
