/**
 * The handshake that opens a link: who may speak as a neighbour.
 *
 * @module
 */
import { bytesOf, type ByteString } from "../core/bytes/bytes.ts";
import {
  chalLine,
  connectionId,
  type Exchange,
  type Introduction,
  keyInfo,
  parseChal,
  parseProof,
  peerLine,
  proofLine,
  signedText,
} from "../core/wire/handshake.ts";
import { DEFAULT_LIMITS, type Limits } from "../core/limits.ts";
import type { Channel } from "./channel.ts";
import { nowMs } from "./clock.ts";

/** Hex digits of a herd's secret, at least: 32 bytes. */
const SECRET_DIGITS_MIN = 64;
const NONCE_BYTES = 16;
const HMAC = { name: "HMAC", hash: "SHA-256", length: 256 };

/** A fresh secret for a herd: 32 random bytes, in hex. */
export function freshSecret(): string {
  return randomHex(SECRET_DIGITS_MIN / 2);
}

function randomHex(bytes: number): string {
  return crypto.getRandomValues(new Uint8Array(bytes)).toHex();
}

/**
 * Checks a herd's secret.
 *
 * @throws {RangeError} If it is not 64 hex digits or more.
 */
export function checkSecret(secret: string): void {
  if (
    !/^([0-9a-fA-F]{2})*$/.test(secret) || secret.length < SECRET_DIGITS_MIN
  ) {
    throw new RangeError(
      `Cannot use the secret: it must be ${SECRET_DIGITS_MIN} hex digits or more`,
    );
  }
}

/** Why a handshake failed, and the line that failed it, if one came. */
export interface Refusal {
  /** What went wrong. */
  readonly why: string;
  /** The line that was not what it should be. */
  readonly line?: ByteString;
}

/** The link's key: HKDF-SHA256 (RFC 5869) of the secret for this pair of names. */
async function linkKey(
  secret: string,
  from: ByteString,
  to: ByteString,
): Promise<CryptoKey> {
  const info = bytesOf(keyInfo(from, to));
  const salt = new Uint8Array(0);
  const hkdf = { name: "HKDF", hash: "SHA-256", salt, info };
  const material = await crypto.subtle.importKey(
    "raw",
    Uint8Array.fromHex(secret),
    "HKDF",
    false,
    ["deriveKey"],
  );
  return await crypto.subtle.deriveKey(hkdf, material, HMAC, false, [
    "sign",
    "verify",
  ]);
}

async function sign(
  key: CryptoKey,
  role: "init" | "resp",
  exchange: Exchange,
): Promise<string> {
  const text = bytesOf(signedText(role, exchange));
  return new Uint8Array(await crypto.subtle.sign(HMAC, key, text)).toHex();
}

/** Takes as long for any proof. */
async function isSigned(
  mac: string | undefined,
  key: CryptoKey,
  role: "init" | "resp",
  exchange: Exchange,
): Promise<boolean> {
  if (mac === undefined) return false;
  const text = bytesOf(signedText(role, exchange));
  return await crypto.subtle.verify(HMAC, key, Uint8Array.fromHex(mac), text);
}

/** How long a handshake may take. */
export type HandshakeLimits = Pick<
  Limits,
  "handshakeLineMsMax" | "handshakeMsMax"
>;

/** Waits for the lines of one handshake, and closes where they take too long. */
class Listening {
  readonly #channel: Channel;
  readonly #limits: HandshakeLimits;
  readonly #beganMs = nowMs();

  constructor(channel: Channel, limits: HandshakeLimits) {
    this.#channel = channel;
    this.#limits = limits;
  }

  /** Takes the next line; tells why there is none. */
  async line(what: string): Promise<string | undefined> {
    const { handshakeLineMsMax, handshakeMsMax } = this.#limits;
    const leftMs = Math.max(0, this.#beganMs + handshakeMsMax - nowMs());
    const isLast = leftMs < handshakeLineMsMax;
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#channel.close();
    }, isLast ? leftMs : handshakeLineMsMax);
    const isHere = await this.#channel.nextLine();
    clearTimeout(timer);
    if (isHere) return undefined;
    if (!isLate) return `closed before the ${what}`;
    // The same words for the same reason: they are told apart by them.
    return isLast
      ? `no ${what} within ${handshakeMsMax} ms in all`
      : `no ${what} within ${handshakeLineMsMax} ms`;
  }
}

/**
 * Opens a link on a fresh connection; tells why if the other side is not who it
 * should be.
 */
export async function initiate(
  channel: Channel,
  names: { readonly from: ByteString; readonly to: ByteString },
  secret: string,
  limits: HandshakeLimits = DEFAULT_LIMITS,
): Promise<Refusal | undefined> {
  const listening = new Listening(channel, limits);
  const nonceA = randomHex(NONCE_BYTES);
  await channel.writeText(peerLine({ ...names, nonce: nonceA }));
  const unchallenged = await listening.line("challenge");
  if (unchallenged !== undefined) return { why: unchallenged };
  const nonceB = parseChal(channel.line);
  if (nonceB === undefined) {
    return { why: "no challenge", line: channel.line };
  }
  const exchange = { ...names, nonceA, nonceB };
  const key = await linkKey(secret, names.from, names.to);
  const ours = await sign(key, "init", exchange);
  channel.connection = connectionId(exchange);
  await channel.writeText(proofLine("PROOF", ours));
  const unproved = await listening.line("proof");
  if (unproved !== undefined) return { why: unproved };
  const mac = parseProof("PEEROK", channel.line);
  return await isSigned(mac, key, "resp", exchange)
    ? undefined
    : { why: "wrong proof", line: channel.line };
}

/**
 * Answers a neighbour that has introduced itself; tells why if it is refused.
 *
 * @param admit Asked when the proof is right, before the neighbour hears of it. If
 * it gives a reason not to, that is no fault of the line: none is named.
 */
export async function respond(
  channel: Channel,
  introduction: Introduction,
  secret: string,
  admit: () => string | undefined,
  limits: HandshakeLimits,
): Promise<Refusal | undefined> {
  const listening = new Listening(channel, limits);
  const nonceB = randomHex(NONCE_BYTES);
  await channel.writeText(chalLine(nonceB));
  const unproved = await listening.line("proof");
  if (unproved !== undefined) return { why: unproved };
  const line = channel.line;
  const { from, to, nonce: nonceA } = introduction;
  const exchange = { from, to, nonceA, nonceB };
  const key = await linkKey(secret, from, to);
  const mac = parseProof("PROOF", line);
  if (!await isSigned(mac, key, "init", exchange)) {
    return { why: "wrong proof", line };
  }
  const ours = await sign(key, "resp", exchange);
  channel.connection = connectionId(exchange);
  const why = admit();
  if (why !== undefined) return { why };
  const isSent = await channel.writeText(proofLine("PEEROK", ours));
  return isSent ? undefined : { why: "closed before our proof" };
}
