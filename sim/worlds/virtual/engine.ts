/**
 * Everything that a virtual world takes from the real machine: turns of its
 * event loop, which bring no input, and hashes, which are the same everywhere.
 *
 * @module
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { setImmediate } from "node:timers";

/**
 * Runs `run` after all pending microtasks: between two calls, everything that
 * follows from the first is complete.
 */
export function afterMicrotasks(run: () => void): void {
  setImmediate(run);
}

/** Real milliseconds, for pacing virtual time. */
export function realNowMs(): number {
  return performance.now();
}

/** Runs `run` after real milliseconds. */
export function afterReal(ms: number, run: () => void): void {
  setTimeout(run, ms);
}

/**
 * A cache of hashes: both ends of a link compute the same ones, and those of
 * its key each time that it comes up.
 */
const known = new Map<string, Uint8Array<ArrayBuffer>>();
const KNOWN_MAX = 4_096;

/**
 * HMAC-SHA256, computed at once: Web Crypto's results come from other threads,
 * in any order.
 */
export function hmacNow(
  key: Uint8Array<ArrayBuffer>,
  text: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const asked = `${key.toHex()} ${text.toHex()}`;
  const before = known.get(asked);
  if (before !== undefined) return before.slice();
  const hash = new Uint8Array(hmac(sha256, key, text));
  if (known.size === KNOWN_MAX) known.clear();
  known.set(asked, hash);
  return hash.slice();
}
