/**
 * All that a virtual world takes of the real machine: turns of its event loop,
 * which bring nothing in, and hashes, which are the same everywhere.
 *
 * @module
 */
import { createHmac } from "node:crypto";
import { setImmediate } from "node:timers";

/**
 * Runs `run` once all microtasks are done that there are by then: between two
 * of these, whatever follows from the first has come to its end.
 */
export function afterMicrotasks(run: () => void): void {
  setImmediate(run);
}

/** HMAC-SHA256, at once: Web Crypto's comes from other threads, in any order. */
export function hmacNow(
  key: Uint8Array<ArrayBuffer>,
  text: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHmac("sha256", key).update(text).digest());
}
