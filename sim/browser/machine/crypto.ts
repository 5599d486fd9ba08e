/**
 * Hashes at once: those of a page's own come in their time, in any order.
 *
 * @module
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

/** HMAC-SHA256, as the runtime of the workbench has it. */
export function createHmac(_kind: "sha256", key: Uint8Array) {
  const hash = hmac.create(sha256, key);
  const made = {
    /** Takes bytes. */
    update(bytes: Uint8Array) {
      hash.update(bytes);
      return made;
    },
    /** The hash of all that it took. */
    digest: () => hash.digest(),
  };
  return made;
}
