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
import type { Clock, Platform, Randomness } from "./platform.ts";

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

/**
 * Proofs of a link, by its key: HKDF-SHA256 (RFC 5869) of the secret and names.
 */
class Prover {
  readonly #platform: Platform;
  readonly #key: Uint8Array<ArrayBuffer>;

  private constructor(platform: Platform, key: Uint8Array<ArrayBuffer>) {
    this.#platform = platform;
    this.#key = key;
  }

  static async of(
    platform: Platform,
    secret: string,
    { from, to }: { readonly from: ByteString; readonly to: ByteString },
  ): Promise<Prover> {
    // No salt means a salt of zeros; and a key as long as a hash is one block.
    const salt = new Uint8Array(HASH_BYTES);
    const input = Uint8Array.fromHex(secret);
    const extracted = await platform.hmac(salt, input);
    const block = bytesOf(`${keyInfo(from, to)}\x01`);
    return new Prover(platform, await platform.hmac(extracted, block));
  }

  async sign(role: "init" | "resp", exchange: Exchange): Promise<string> {
    const text = bytesOf(signedText(role, exchange));
    return (await this.#platform.hmac(this.#key, text)).toHex();
  }

  async isSigned(
    mac: string | undefined,
    role: "init" | "resp",
    exchange: Exchange,
  ): Promise<boolean> {
    return mac !== undefined && isSecret(mac, await this.sign(role, exchange));
  }
}

export type HandshakeLimits = Pick<
  Limits,
  "handshakeLineMsMax" | "handshakeMsMax"
>;

export interface HandshakeOptions {
  readonly platform: Platform;
  /** The herd's secret, in hex. */
  readonly secret: string;
  readonly limits: HandshakeLimits;
}

/** Reads the lines of one handshake, and closes if they take too long. */
class Listening {
  readonly #channel: Channel;
  readonly #limits: HandshakeLimits;
  readonly #clock: Clock;
  readonly #beganMs: number;

  constructor(channel: Channel, { platform, limits }: HandshakeOptions) {
    this.#channel = channel;
    this.#limits = limits;
    this.#clock = platform.clock;
    this.#beganMs = this.#clock.nowMs();
  }

  /** Reads the next line; returns the reason if there is none. */
  async line(what: string): Promise<string | undefined> {
    const { handshakeLineMsMax, handshakeMsMax } = this.#limits;
    const passedMs = this.#clock.nowMs() - this.#beganMs;
    const leftMs = Math.max(0, handshakeMsMax - passedMs);
    const isLast = leftMs < handshakeLineMsMax;
    let isLate = false;
    const waitMs = isLast ? leftMs : handshakeLineMsMax;
    const timer = this.#clock.after(waitMs, () => {
      isLate = true;
      this.#channel.close();
    });
    const isHere = await this.#channel.nextLine();
    timer.cancel();
    if (isHere) return undefined;
    if (!isLate) return `closed before the ${what}`;
    // Same reason, same words: reports are grouped by them.
    return isLast
      ? `no ${what} within ${handshakeMsMax} ms in all`
      : `no ${what} within ${handshakeLineMsMax} ms`;
  }
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
  const { platform, secret } = options;
  const listening = new Listening(channel, options);
  const nonceA = platform.randomBytes(NONCE_BYTES).toHex();
  await channel.writeText(peerLine({ ...names, nonce: nonceA }));
  const unchallenged = await listening.line("challenge");
  if (unchallenged !== undefined) return { why: unchallenged };
  const nonceB = parseChal(channel.line);
  if (nonceB === undefined) {
    return { why: "no challenge", line: channel.line };
  }
  const exchange = { ...names, nonceA, nonceB };
  const prover = await Prover.of(platform, secret, names);
  const ours = await prover.sign("init", exchange);
  channel.connection = connectionId(exchange);
  await channel.writeText(proofLine("PROOF", ours));
  const unproved = await listening.line("proof");
  if (unproved !== undefined) return { why: unproved };
  const mac = parseProof("PEEROK", channel.line);
  return await prover.isSigned(mac, "resp", exchange)
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
  const { platform, secret } = options;
  const listening = new Listening(channel, options);
  const nonceB = platform.randomBytes(NONCE_BYTES).toHex();
  await channel.writeText(chalLine(nonceB));
  const unproved = await listening.line("proof");
  if (unproved !== undefined) return { why: unproved };
  const line = channel.line;
  const { from, to, nonce: nonceA } = introduction;
  const exchange = { from, to, nonceA, nonceB };
  const prover = await Prover.of(platform, secret, introduction);
  const mac = parseProof("PROOF", line);
  if (!await prover.isSigned(mac, "init", exchange)) {
    return { why: "wrong proof", line };
  }
  const ours = await prover.sign("resp", exchange);
  channel.connection = connectionId(exchange);
  const why = admit();
  if (why !== undefined) return { why };
  const isSent = await channel.writeText(proofLine("PEEROK", ours));
  return isSent ? undefined : { why: "closed before our proof" };
}
