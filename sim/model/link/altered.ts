/**
 * What a link's proxy reports of the lines that pass it: their connection, and
 * the numbers that lines affected by a fault have for their reader.
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

/** What happened to a line; see `AlteredEvent`. */
export interface Outcome {
  /** The line's number, as it was written. */
  readonly number: number;
  /** Its number for the reader; `null`: it was dropped. */
  readonly as: number | null;
  /** The kinds of the faults involved. */
  readonly by: readonly string[];
}

/** Numbers the output of one direction of a connection, as its reader does. */
export class Renumbering {
  #lines = 0;

  /**
   * Takes what passed, or was dropped, in this order; returns the outcome of a
   * line that a fault affected.
   */
  take({ number, ends, by, isDropped }: Passing): Outcome | undefined {
    const as = isDropped ? null : this.#lines + 1;
    if (!isDropped) this.#lines += ends;
    return by.length === 0 ? undefined : { number, as, by };
  }
}

/** Recognizes a connection by its handshake. */
export class HandshakeWatch {
  #introduction: Introduction | undefined;
  #nonceB: string | undefined;

  /** Takes the first line of the side that dialled. */
  seeDialler(line: ByteString): void {
    this.#introduction = parsePeer(line);
  }

  /** Takes the first line of the other side. */
  seeNeighbour(line: ByteString): void {
    this.#nonceB = parseChal(line);
  }

  /**
   * The connection's ID; `undefined` before the handshake, or without a valid
   * one.
   */
  get connection(): string | undefined {
    const [nonceA, nonceB] = [this.#introduction?.nonce, this.#nonceB];
    return nonceA === undefined || nonceB === undefined
      ? undefined
      : connectionId({ nonceA, nonceB });
  }
}
