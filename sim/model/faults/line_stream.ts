/**
 * The bytes of one direction of a connection between two servers, cut into
 * lines only while faults of lines are active, and always counted.
 *
 * @module
 */
import {
  type ByteString,
  byteString,
  joined,
  LF,
} from "../../../herd/core/bytes/bytes.ts";

/** Lines of a handshake in each direction: PEER and PROOF, CHAL and PEEROK. */
const HANDSHAKE_LINES = 2;
/** How a handshake begins; servers under test may have none. */
const HANDSHAKES = ["PEER ", "CHAL "];
/** A longer line passes in parts, unaltered: no server accepts it either. */
const LINE_BYTES_MAX = 1_048_576;

const FIRST_BYTES_MAX = 65_536;

export interface Piece {
  readonly bytes: Uint8Array;
  /**
   * Whether the bytes are one whole line of the protocol, which faults may
   * affect.
   */
  readonly isLine: boolean;
  /** The number of the line that they begin in, from 1 after the handshake. */
  readonly number: number;
  /** Number of lines after the handshake that end in them. */
  readonly ends: number;
}

/** The stream of one direction of one connection. */
export class LineStream {
  readonly #onFirstLine: (line: ByteString) => void;
  /** The first line of the handshake, until it is complete. */
  #first: ByteString | undefined = "";
  #handshakeLeft = HANDSHAKE_LINES;
  /** Number of lines after the handshake that have ended. */
  #ended = 0;
  /** Whether the last bytes that passed ended within a line. */
  #isWithin = false;
  /** The beginning of a line, held until the rest arrives. */
  #begun: Uint8Array[] = [];
  #begunBytes = 0;

  /** @param onFirstLine Called with the first line of the handshake. */
  constructor(onFirstLine: (line: ByteString) => void = () => {}) {
    this.#onFirstLine = onFirstLine;
  }

  /**
   * Takes a chunk; returns what may pass.
   *
   * @param isCut Whether to return whole lines. The handshake is never cut, nor
   * is a line of which a part has passed already.
   */
  feed(chunk: Uint8Array, isCut: boolean): Piece[] {
    if (chunk.length === 0) return [];
    if (this.#first === "" && !beginsHandshake(chunk)) this.#handshakeLeft = 0;
    if (this.#first !== undefined) this.#readFirst(chunk);
    const pieces: Piece[] = [];
    let from = 0;
    if (!isCut) {
      pieces.push(...this.flush());
      this.#isWithin = chunk.at(-1) !== LF;
      return [...pieces, this.#piece(chunk, false, linesIn(chunk))];
    }
    while (from < chunk.length) {
      const lf = chunk.indexOf(LF, from);
      const end = lf < 0 ? chunk.length : lf + 1;
      const part = chunk.subarray(from, end);
      from = end;
      if (this.#handshakeLeft > 0 || this.#isWithin) {
        this.#isWithin = lf < 0;
        pieces.push(this.#piece(part, false, lf < 0 ? 0 : 1));
      } else if (lf < 0) this.#hold(part, pieces);
      else {
        const line = joined([...this.#begun, part]);
        pieces.push(this.#piece(line, true, 1));
        this.#forget();
      }
    }
    return pieces;
  }

  /** Returns the held beginning of a line. */
  flush(): Piece[] {
    if (this.#begunBytes === 0) return [];
    const bytes = joined(this.#begun);
    this.#forget();
    this.#isWithin = true;
    return [this.#piece(bytes, false, 0)];
  }

  /** Counts the lines that end in a piece, without those of the handshake. */
  #piece(bytes: Uint8Array, isLine: boolean, lines: number): Piece {
    const number = this.#ended + 1;
    const ofHandshake = Math.min(lines, this.#handshakeLeft);
    const ends = lines - ofHandshake;
    this.#handshakeLeft -= ofHandshake;
    this.#ended += ends;
    return { bytes, isLine, number, ends };
  }

  #readFirst(chunk: Uint8Array): void {
    const lf = chunk.indexOf(LF);
    const end = lf < 0 ? chunk.length : lf;
    const first = this.#first + byteString(chunk.subarray(0, end));
    // No server accepts a longer line as a handshake.
    const isOver = lf >= 0 || first.length > FIRST_BYTES_MAX;
    this.#first = isOver ? undefined : first;
    if (lf >= 0) this.#onFirstLine(first);
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
}

/** Whether a stream with this beginning may begin with a handshake. */
function beginsHandshake(chunk: Uint8Array): boolean {
  return HANDSHAKES.some((word) => {
    const length = Math.min(word.length, chunk.length);
    return byteString(chunk.subarray(0, length)) === word.slice(0, length);
  });
}

function linesIn(chunk: Uint8Array): number {
  let lines = 0;
  for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at + 1)) {
    lines++;
  }
  return lines;
}
