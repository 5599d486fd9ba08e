/**
 * The handshake that opens a link, and proves that the other side is a
 * neighbour.
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
import type { Limits } from "../core/limits.ts";
import type { Channel } from "./channel.ts";
import { isSecret } from "./constant_time.ts";
import { denoPlatform } from "./deno_platform.ts";
import type { Platform, Randomness } from "./platform.ts";

/** Minimum hex digits of a herd's secret: 32 bytes. */
const SECRET_DIGITS_MIN = 64;
const NONCE_BYTES = 16;
const HASH_BYTES = 32;

/** A new secret for a herd: 32 random bytes, in hex. */
export function freshSecret(platform: Randomness = denoPlatform): string {
  return platform.randomBytes(SECRET_DIGITS_MIN / 2).toHex();
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

/** Why a handshake failed, and the line that failed it, if there was one. */
export interface Refusal {
  readonly why: string;
  /** The invalid line. */
  readonly line?: ByteString;
}

/** Makes the proof of either side. */
type Prove = (role: "init" | "resp") => Promise<string>;

/**
 * Proofs of an exchange, by the link's key: HKDF-SHA256 (RFC 5869) of the secret
 * and the names.
 */
async function proverOf(
  { platform, secret }: HandshakeOptions,
  exchange: Exchange,
): Promise<Prove> {
  // No salt means a salt of zeros; and a key as long as a hash is one block.
  const salt = new Uint8Array(HASH_BYTES);
  const extracted = await platform.hmac(salt, Uint8Array.fromHex(secret));
  const block = bytesOf(`${keyInfo(exchange.from, exchange.to)}\x01`);
  const key = await platform.hmac(extracted, block);
  return async (role) => {
    const text = bytesOf(signedText(role, exchange));
    return (await platform.hmac(key, text)).toHex();
  };
}

export interface HandshakeOptions {
  readonly platform: Platform;
  /** The herd's secret, in hex. */
  readonly secret: string;
  readonly limits: Pick<Limits, "handshakeLineMsMax" | "handshakeMsMax">;
}

/** Reads the next line; resolves to the reason if there is none. */
type NextLine = (what: string) => Promise<string | undefined>;

/** Reads the lines of one handshake, and closes if they take too long. */
function linesOf(
  channel: Channel,
  { platform: { clock }, limits }: HandshakeOptions,
): NextLine {
  const { handshakeLineMsMax, handshakeMsMax } = limits;
  const beganMs = clock.nowMs();
  return async (what) => {
    const passedMs = clock.nowMs() - beganMs;
    const leftMs = Math.max(0, handshakeMsMax - passedMs);
    const isLast = leftMs < handshakeLineMsMax;
    let isLate = false;
    const timer = clock.after(isLast ? leftMs : handshakeLineMsMax, () => {
      isLate = true;
      channel.close();
    });
    const isHere = await channel.nextLine();
    timer.cancel();
    if (isHere) return undefined;
    if (!isLate) return `closed before the ${what}`;
    // Same reason, same words: reports are grouped by them.
    return isLast
      ? `no ${what} within ${handshakeMsMax} ms in all`
      : `no ${what} within ${handshakeLineMsMax} ms`;
  };
}

/**
 * Opens a link on a new connection; returns the reason if the other side is not
 * who it should be.
 */
export async function initiate(
  channel: Channel,
  names: { readonly from: ByteString; readonly to: ByteString },
  options: HandshakeOptions,
): Promise<Refusal | undefined> {
  const nextLine = linesOf(channel, options);
  const nonceA = options.platform.randomBytes(NONCE_BYTES).toHex();
  await channel.writeText(peerLine({ ...names, nonce: nonceA }));
  const unchallenged = await nextLine("challenge");
  if (unchallenged !== undefined) return { why: unchallenged };
  const nonceB = parseChal(channel.line);
  if (nonceB === undefined) {
    return { why: "no challenge", line: channel.line };
  }
  const exchange = { ...names, nonceA, nonceB };
  const prove = await proverOf(options, exchange);
  const ours = await prove("init");
  channel.connection = connectionId(exchange);
  await channel.writeText(proofLine("PROOF", ours));
  const unproved = await nextLine("proof");
  if (unproved !== undefined) return { why: unproved };
  const mac = parseProof("PEEROK", channel.line);
  return mac !== undefined && isSecret(mac, await prove("resp"))
    ? undefined
    : { why: "wrong proof", line: channel.line };
}

/**
 * Answers a neighbour that has introduced itself; returns the reason if it is
 * refused.
 *
 * @param admit Called when the proof is right, before the neighbour is told. If
 * it returns a reason to refuse, the line was not at fault, and none is named.
 */
export async function respond(
  channel: Channel,
  introduction: Introduction,
  admit: () => string | undefined,
  options: HandshakeOptions,
): Promise<Refusal | undefined> {
  const nextLine = linesOf(channel, options);
  const nonceB = options.platform.randomBytes(NONCE_BYTES).toHex();
  await channel.writeText(chalLine(nonceB));
  const unproved = await nextLine("proof");
  if (unproved !== undefined) return { why: unproved };
  const line = channel.line;
  const { from, to, nonce: nonceA } = introduction;
  const exchange = { from, to, nonceA, nonceB };
  const prove = await proverOf(options, exchange);
  const mac = parseProof("PROOF", line);
  if (mac === undefined || !isSecret(mac, await prove("init"))) {
    return { why: "wrong proof", line };
  }
  const ours = await prove("resp");
  channel.connection = connectionId(exchange);
  const why = admit();
  if (why !== undefined) return { why };
  const isSent = await channel.writeText(proofLine("PEEROK", ours));
  return isSent ? undefined : { why: "closed before our proof" };
}
