/**
 * Takes a secret out of what others say: a service may quote the address that
 * it was asked at, and the key in it.
 *
 * @module
 */
import { type ByteString, utf8 } from "../../core/bytes/bytes.ts";
import { isEscaped } from "./json.ts";

/** What stands in the secret's place. */
const HIDDEN = "***";

/** A secret that is not to be seen. */
export class Hidden {
  readonly #pattern: RegExp | undefined;

  /** Hides `secret`; nothing if there is none. */
  constructor(secret?: string) {
    if (!secret) return;
    const bytes = Array.from(utf8(secret), patternOf);
    this.#pattern = new RegExp(bytes.join(""), "g");
  }

  /** Whether there is something to hide. */
  get isSet(): boolean {
    return this.#pattern !== undefined;
  }

  /** A text without the secret, in whichever way it was written there. */
  in(text: ByteString): ByteString {
    if (this.#pattern === undefined) return text;
    return text.replace(
      this.#pattern,
      (match, at: number) => isEscaped(text, at) ? match : HIDDEN,
    );
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
