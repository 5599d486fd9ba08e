/**
 * The bytes of one direction of a connection between two servers, cut into
 * lines only for as long as faults of lines are on.
 *
 * @module
 */

const LF = 10;
/** Lines of a handshake in each direction: PEER and PROOF, CHAL and PEEROK. */
const HANDSHAKE_LINES = 2;
/** A longer line passes in parts, untouched: no server takes it either. */
const LINE_BYTES_MAX = 1_048_576;

/** Some bytes of the stream. */
export interface Piece {
  /** The bytes. */
  readonly bytes: Uint8Array;
  /** Whether they are one whole line of the protocol, that may be hit. */
  readonly isLine: boolean;
}

/** The stream of one direction of one connection. */
export class LineStream {
  #handshakeLeft = HANDSHAKE_LINES;
  /** Whether the bytes that passed last end within a line. */
  #isWithin = false;
  /** The beginning of a line that is held until the rest of it comes. */
  #begun: Uint8Array[] = [];
  #begunBytes = 0;

  /**
   * Takes a chunk; what can pass comes out.
   *
   * @param isCut Whether whole lines are wanted. The handshake is never cut, and
   * neither is a line of which a part has passed already.
   */
  feed(chunk: Uint8Array, isCut: boolean): Piece[] {
    if (chunk.length === 0) return [];
    const pieces: Piece[] = [];
    let from = 0;
    if (!isCut) {
      pieces.push(...this.flush());
      from = chunk.length;
      this.#countHandshake(chunk);
      this.#isWithin = chunk.at(-1) !== LF;
      return [...pieces, { bytes: chunk, isLine: false }];
    }
    while (from < chunk.length) {
      const lf = chunk.indexOf(LF, from);
      const end = lf < 0 ? chunk.length : lf + 1;
      const part = chunk.subarray(from, end);
      from = end;
      if (this.#handshakeLeft > 0 || this.#isWithin) {
        if (lf >= 0 && this.#handshakeLeft > 0) this.#handshakeLeft--;
        this.#isWithin = lf < 0;
        pieces.push({ bytes: part, isLine: false });
      } else if (lf < 0) this.#hold(part, pieces);
      else {
        pieces.push({ bytes: joined([...this.#begun, part]), isLine: true });
        this.#forget();
      }
    }
    return pieces;
  }

  /** What is held of a line that has only begun. */
  flush(): Piece[] {
    if (this.#begunBytes === 0) return [];
    const bytes = joined(this.#begun);
    this.#forget();
    this.#isWithin = true;
    return [{ bytes, isLine: false }];
  }

  #hold(part: Uint8Array, pieces: Piece[]): void {
    this.#begun.push(part);
    this.#begunBytes += part.length;
    if (this.#begunBytes > LINE_BYTES_MAX) pieces.push(...this.flush());
  }

  #forget(): void {
    this.#begun = [];
    this.#begunBytes = 0;
  }

  #countHandshake(chunk: Uint8Array): void {
    for (let at = -1; this.#handshakeLeft > 0;) {
      at = chunk.indexOf(LF, at + 1);
      if (at < 0) return;
      this.#handshakeLeft--;
    }
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(parts.reduce((sum, it) => sum + it.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
