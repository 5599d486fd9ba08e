/**
 * Bytes as text and joined, by the names that the workbench uses for it.
 *
 * @module
 */

/** Characters that one call can be given. */
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

/** Makes bytes. */
export const Buffer = {
  /** Bytes of memory that is there; as text, each is a character. */
  from: (memory: ArrayBuffer, start: number, length: number) =>
    new Bytes(memory, start, length),
  /** Pieces one after the other. */
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
