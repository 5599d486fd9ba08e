/**
 * A substitute for node:buffer in a page: the parts that the workbench uses.
 *
 * @module
 */

/** How many characters one call can take. */
const CHUNK = 8_192;

class Bytes extends Uint8Array<ArrayBuffer> {
  override toString(): string {
    let text = "";
    for (let at = 0; at < this.length; at += CHUNK) {
      text += String.fromCharCode(...this.subarray(at, at + CHUNK));
    }
    return text;
  }
}

export const Buffer = {
  /** A view of memory; its `toString()` has one character per byte. */
  from: (memory: ArrayBuffer, start: number, length: number) =>
    new Bytes(memory, start, length),
  concat(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const whole = new Uint8Array(length);
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  },
};
