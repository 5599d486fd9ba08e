/**
 * The opening handshake of a WebSocket (RFC 6455, section 4): an HTTP request,
 * and its answer.
 *
 * @module
 */
import { bytesOf } from "../../core/bytes/bytes.ts";
import type { Address } from "../platform.ts";
import { sha1 } from "./sha1.ts";

/** Maximum bytes of a request or an answer. */
export const GREETING_BYTES_MAX = 8_192;
const KEY_BYTES = 16;
const MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i;

/** The answer to a request, and whether the WebSocket is open. */
export interface Greeted {
  /** The HTTP answer. */
  readonly answer: string;
  /** Why there is no WebSocket. */
  readonly refused?: string;
}

interface Head {
  /** The first line. */
  readonly first: string;
  /** Header fields, with their names in lower case. */
  readonly fields: ReadonlyMap<string, string>;
}

function readGreeting(text: string): Head {
  const [first = "", ...lines] = text.split("\r\n");
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon < 1) continue;
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const before = fields.get(name);
    fields.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return { first, fields };
}

function hasWord(value: string | undefined, word: string): boolean {
  return value?.toLowerCase().split(",").some((it) => it.trim() === word) ??
    false;
}

function acceptOf(key: string): string {
  return sha1(bytesOf(key + MAGIC)).toBase64();
}

/**
 * Whether a page may be a client. Any page can make its reader's browser dial
 * any address, including this machine's: so it must come from the host that it
 * dials, from this machine, or from an origin that was allowed. Programs other
 * than browsers send no origin.
 */
function mayCome(
  origin: string | undefined,
  host: string | undefined,
  origins: readonly string[],
): boolean {
  if (origin === undefined || origins.includes("*")) return true;
  if (origins.includes(origin)) return true;
  const url = URL.parse(origin);
  if (url === null) return false;
  const dialled = URL.parse(`http://${host}`)?.hostname;
  return url.hostname === dialled || LOOPBACK.test(url.hostname);
}

function refusal(status: string, why: string, more = ""): Greeted {
  const body = `${why}\n`;
  const answer = `HTTP/1.1 ${status}\r\n${more}Connection: close\r\n` +
    "Content-Type: text/plain\r\n" +
    `Content-Length: ${body.length}\r\n\r\n${body}`;
  return { answer, refused: why };
}

/**
 * Answers a request for a WebSocket.
 *
 * @param text Its head, without the empty line that ends it.
 * @param origins Origins of pages that may connect, besides the same host.
 */
export function greet(text: string, origins: readonly string[]): Greeted {
  const { first, fields } = readGreeting(text);
  if (!/^GET \S+ HTTP\/1\.1$/.test(first)) {
    return refusal("400 Bad Request", "no GET request of HTTP/1.1");
  }
  const isUpgrade = hasWord(fields.get("upgrade"), "websocket") &&
    hasWord(fields.get("connection"), "upgrade");
  if (!isUpgrade) {
    return refusal(
      "426 Upgrade Required",
      "this port speaks WebSocket",
      "Upgrade: websocket\r\n",
    );
  }
  if (fields.get("sec-websocket-version") !== "13") {
    const more = "Sec-WebSocket-Version: 13\r\n";
    return refusal("426 Upgrade Required", "the version must be 13", more);
  }
  const key = fields.get("sec-websocket-key") ?? "";
  if (!/^[A-Za-z0-9+/]{22}==$/.test(key)) {
    return refusal("400 Bad Request", "no key of 16 bytes");
  }
  const origin = fields.get("origin");
  if (!mayCome(origin, fields.get("host"), origins)) {
    return refusal("403 Forbidden", "pages of this origin may not come");
  }
  return {
    answer: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n" +
      `Connection: Upgrade\r\nSec-WebSocket-Accept: ${acceptOf(key)}\r\n\r\n`,
  };
}

/** A program's request for a WebSocket. */
export class Request {
  readonly text: string;
  readonly #accept: string;

  /** @param random 16 random bytes. */
  constructor({ hostname, port }: Address, random: Uint8Array) {
    const key = random.subarray(0, KEY_BYTES).toBase64();
    this.#accept = acceptOf(key);
    this.text = `GET / HTTP/1.1\r\nHost: ${hostname}:${port}\r\n` +
      "Upgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`;
  }

  /** Why an answer does not open a WebSocket; `undefined` if it does. */
  refusalIn(text: string): string | undefined {
    const { first, fields } = readGreeting(text);
    if (!first.startsWith("HTTP/1.1 101 ")) return `"${first}"`;
    return fields.get("sec-websocket-accept") === this.#accept
      ? undefined
      : "its answer is to another key";
  }
}
