/**
 * What a link's proxy has to tell of the lines that pass it: on which connection
 * they are, and which number those have for their reader that a fault had a part
 * in.
 *
 * @module
 */
import type { ByteString } from "../../../herd/core/bytes/bytes.ts";
import {
  connectionId,
  type Introduction,
  parseChal,
  parsePeer,
} from "../../../herd/core/wire/handshake.ts";
import type { Passing } from "../steps/link_fault.ts";

/** What became of a line; see `AlteredEvent`. */
export interface Outcome {
  /** The line's number, as it was written. */
  readonly number: number;
  /** The number that it has for its reader; `null`: it was dropped. */
  readonly as: number | null;
  /** The kinds of the faults that had a part in it. */
  readonly by: readonly string[];
}

/** Counts what comes out in one direction of a connection, as its reader does. */
export class Renumbering {
  #lines = 0;

  /**
   * Takes what passes, or was dropped, in this order; tells what became of a
   * line that a fault had a part in.
   */
  take({ number, ends, by, isDropped }: Passing): Outcome | undefined {
    const as = isDropped ? null : this.#lines + 1;
    if (!isDropped) this.#lines += ends;
    return by.length === 0 ? undefined : { number, as, by };
  }
}

/** Sees the handshake of a connection pass, and knows the connection by it. */
export class HandshakeWatch {
  #introduction: Introduction | undefined;
  #nonceB: string | undefined;

  /** The first line that the side that dialled has sent. */
  seeDialler(line: ByteString): void {
    this.#introduction = parsePeer(line);
  }

  /** The first line that the other side has sent. */
  seeNeighbour(line: ByteString): void {
    this.#nonceB = parseChal(line);
  }

  /** The connection's name; `undefined` before the handshake, or if it is none. */
  get connection(): string | undefined {
    const [nonceA, nonceB] = [this.#introduction?.nonce, this.#nonceB];
    return nonceA === undefined || nonceB === undefined
      ? undefined
      : connectionId({ nonceA, nonceB });
  }
}
