/**
 * The handshake that opens a link: who may speak as a neighbour.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import {
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { bytesOf, type ByteString } from "../core/bytes.ts";
import {
  chalLine,
  type Exchange,
  type Introduction,
  keyInfo,
  parseChal,
  parseProof,
  peerLine,
  proofLine,
  signedText,
} from "../core/handshake.ts";
import type { Channel } from "./channel.ts";

/** Hex digits of a herd's secret, at least: 32 bytes. */
const SECRET_DIGITS_MIN = 64;
const NONCE_BYTES = 16;
const KEY_BYTES = 32;

/** A fresh secret for a herd: 32 random bytes, in hex. */
export function freshSecret(): string {
  return randomBytes(SECRET_DIGITS_MIN / 2).toString("hex");
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
function linkKey(secret: string, from: ByteString, to: ByteString): Uint8Array {
  const info = bytesOf(keyInfo(from, to));
  const material = Buffer.from(secret, "hex");
  return new Uint8Array(hkdfSync("sha256", material, "", info, KEY_BYTES));
}

function sign(
  secret: string,
  role: "init" | "resp",
  exchange: Exchange,
): string {
  return createHmac("sha256", linkKey(secret, exchange.from, exchange.to))
    .update(bytesOf(signedText(role, exchange))).digest("hex");
}

function isSigned(mac: string | undefined, expected: string): boolean {
  return mac !== undefined && timingSafeEqual(bytesOf(mac), bytesOf(expected));
}

/** Opens a link on a fresh connection; tells why if the other side is not who it should be. */
export async function initiate(
  channel: Channel,
  names: { readonly from: ByteString; readonly to: ByteString },
  secret: string,
): Promise<Refusal | undefined> {
  const nonceA = randomBytes(NONCE_BYTES).toString("hex");
  await channel.writeText(peerLine({ ...names, nonce: nonceA }));
  if (!await channel.nextLine()) return { why: "closed before the challenge" };
  const nonceB = parseChal(channel.line);
  if (nonceB === undefined) {
    return { why: "no challenge", line: channel.line };
  }
  const exchange = { ...names, nonceA, nonceB };
  await channel.writeText(proofLine("PROOF", sign(secret, "init", exchange)));
  if (!await channel.nextLine()) return { why: "closed before its proof" };
  const mac = parseProof("PEEROK", channel.line);
  return isSigned(mac, sign(secret, "resp", exchange))
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
): Promise<Refusal | undefined> {
  const nonceB = randomBytes(NONCE_BYTES).toString("hex");
  await channel.writeText(chalLine(nonceB));
  if (!await channel.nextLine()) return { why: "closed before its proof" };
  const line = channel.line;
  const { from, to, nonce: nonceA } = introduction;
  const exchange = { from, to, nonceA, nonceB };
  const mac = parseProof("PROOF", line);
  if (!isSigned(mac, sign(secret, "init", exchange))) {
    return { why: "wrong proof", line };
  }
  const why = admit();
  if (why !== undefined) return { why };
  const isSent = await channel.writeText(
    proofLine("PEEROK", sign(secret, "resp", exchange)),
  );
  return isSent ? undefined : { why: "closed before our proof" };
}
