/**
 * The lines by which two neighbours prove to each other that both know the
 * herd's secret, and the text that is signed. Mutual challenge and response:
 * each side signs both nonces, both names and its role, so no proof can be
 * replayed, mirrored or used on another link.
 *
 * @module
 */
import type { ByteString } from "../bytes/bytes.ts";

/** A name: bytes other than the protocol's white space, which is not `\s`. */
const NAME = "[^\\t-\\r ]+";
/** Hex digits of a nonce: 16 random bytes. */
const NONCE = "[0-9a-f]{32}";
/** Hex digits of an HMAC-SHA256. */
const MAC = "[0-9a-f]{64}";

export interface Introduction {
  /** The server that sends the line. */
  readonly from: ByteString;
  /** The server that it wants to reach. */
  readonly to: ByteString;
  /** The initiator's nonce, 32 hex digits. */
  readonly nonce: string;
}

/** The two parties of a handshake, and their nonces. */
export interface Exchange {
  /** The server that opened the connection. */
  readonly from: ByteString;
  /** The server that accepted it. */
  readonly to: ByteString;
  readonly nonceA: string;
  readonly nonceB: string;
}

/** `PEER 1 <from> <to> <nonce>` */
export function peerLine(introduction: Introduction): ByteString {
  const { from, to, nonce } = introduction;
  return `PEER 1 ${from} ${to} ${nonce}\n`;
}

export function parsePeer(line: ByteString): Introduction | undefined {
  const match = PEER.exec(line);
  return match
    ? { from: match[1]!, to: match[2]!, nonce: match[3]! }
    : undefined;
}
const PEER = new RegExp(`^PEER 1 (${NAME}) (${NAME}) (${NONCE})$`);

/** `CHAL 1 <nonce>` */
export function chalLine(nonce: string): ByteString {
  return `CHAL 1 ${nonce}\n`;
}

export function parseChal(line: ByteString): string | undefined {
  return CHAL.exec(line)?.[1];
}
const CHAL = new RegExp(`^CHAL 1 (${NONCE})$`);

/** `PROOF <mac>` or `PEEROK <mac>` */
export function proofLine(word: "PROOF" | "PEEROK", mac: string): ByteString {
  return `${word} ${mac}\n`;
}

/** Reads the MAC of a PROOF or PEEROK line. */
export function parseProof(
  word: "PROOF" | "PEEROK",
  line: ByteString,
): string | undefined {
  const match = PROOF.exec(line);
  return match?.[1] === word ? match[2] : undefined;
}
const PROOF = new RegExp(`^(PROOF|PEEROK) (${MAC})$`);

/** The text from which the key of a link is derived: the two names, sorted. */
export function keyInfo(a: ByteString, b: ByteString): ByteString {
  return a < b ? `${a}|${b}` : `${b}|${a}`;
}

/**
 * The ID of a connection for both ends, and for whoever sees its handshake: 12
 * hex digits. It is not secret, and unique within a herd.
 */
export function connectionId(
  { nonceA, nonceB }: Pick<Exchange, "nonceA" | "nonceB">,
): string {
  return nonceA.slice(0, ID_DIGITS) + nonceB.slice(0, ID_DIGITS);
}
/** Hex digits taken of each nonce; together 48 random bits. */
const ID_DIGITS = 6;

/** The text that a side signs. */
export function signedText(role: "init" | "resp", exchange: Exchange): string {
  const { from, to, nonceA, nonceB } = exchange;
  return `herd1|${role}|${from}|${to}|${nonceA}|${nonceB}`;
}
