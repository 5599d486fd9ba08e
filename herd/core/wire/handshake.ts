/**
 * The lines by which two neighbours prove to each other that both know the
 * herd's secret, and what is signed. Mutual challenge and response: each side
 * signs both nonces, both names and its role, so no proof can be replayed,
 * mirrored or used on another link.
 *
 * @module
 */
import type { ByteString } from "../bytes/bytes.ts";

/** A name: bytes that are no white space of the protocol, which is not `\s`. */
const NAME = "[^\\t-\\r ]+";
/** Hex digits of a nonce: 16 random bytes. */
const NONCE = "[0-9a-f]{32}";
/** Hex digits of an HMAC-SHA256. */
const MAC = "[0-9a-f]{64}";

export interface Introduction {
  /** The server that speaks. */
  readonly from: ByteString;
  /** The server that it believes to speak to. */
  readonly to: ByteString;
  /** The initiator's nonce, 32 hex digits. */
  readonly nonce: string;
}

/** Who proves what: the two parties and their nonces. */
export interface Exchange {
  /** The server that opened the connection. */
  readonly from: ByteString;
  /** The server that it spoke to. */
  readonly to: ByteString;
  /** The initiator's nonce. */
  readonly nonceA: string;
  /** The responder's nonce. */
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

/** What the key of a link is derived for: the two names, sorted. */
export function keyInfo(a: ByteString, b: ByteString): ByteString {
  return a < b ? `${a}|${b}` : `${b}|${a}`;
}

/**
 * What both ends know a connection by, and whoever sees its handshake pass: 12
 * hex digits. It is no secret, and no two of a herd have the same.
 */
export function connectionId(
  { nonceA, nonceB }: Pick<Exchange, "nonceA" | "nonceB">,
): string {
  return nonceA.slice(0, ID_DIGITS) + nonceB.slice(0, ID_DIGITS);
}
/** Of each nonce; together 48 random bits. */
const ID_DIGITS = 6;

/** What a side signs. */
export function signedText(role: "init" | "resp", exchange: Exchange): string {
  const { from, to, nonceA, nonceB } = exchange;
  return `herd1|${role}|${from}|${to}|${nonceA}|${nonceB}`;
}
