/**
 * SHA-1 of a few bytes (RFC 3174). The WebSocket handshake uses it to show that
 * the other side is a WebSocket server; it protects nothing. Web Crypto would
 * answer asynchronously from another thread, at an unpredictable time.
 *
 * @module
 */

const BLOCK_BYTES = 64;
const ROUNDS = 80;

function rotated(word: number, bits: number): number {
  return word << bits | word >>> (32 - bits);
}

function mixed(round: number, b: number, c: number, d: number): number {
  if (round < 20) return (b & c | ~b & d) + 0x5a827999;
  if (round < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (round < 60) return (b & c | b & d | c & d) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

/** The hash, of 20 bytes. */
export function sha1(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const blocks = Math.ceil((bytes.length + 9) / BLOCK_BYTES);
  const view = new DataView(new ArrayBuffer(blocks * BLOCK_BYTES));
  new Uint8Array(view.buffer).set(bytes);
  view.setUint8(bytes.length, 0x80);
  view.setBigUint64(view.byteLength - 8, BigInt(bytes.length) * 8n);
  let hash = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  const words = new Int32Array(ROUNDS);
  for (let block = 0; block < blocks; block++) {
    for (let at = 0; at < ROUNDS; at++) {
      words[at] = at < 16
        ? view.getInt32(block * BLOCK_BYTES + at * 4)
        : rotated(
          words[at - 3]! ^ words[at - 8]! ^ words[at - 14]! ^ words[at - 16]!,
          1,
        );
    }
    let [a, b, c, d, e] = hash as [number, number, number, number, number];
    for (let at = 0; at < ROUNDS; at++) {
      const next = rotated(a, 5) + mixed(at, b, c, d) + e + words[at]! | 0;
      [a, b, c, d, e] = [next, a, rotated(b, 30), c, d];
    }
    hash = [a, b, c, d, e].map((word, at) => hash[at]! + word | 0);
  }
  hash.forEach((word, at) => view.setInt32(at * 4, word));
  return new Uint8Array(view.buffer).slice(0, 20);
}
