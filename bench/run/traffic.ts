/**
 * Lines for measuring: IAMATs, each newer than its client's previous one, and
 * WHATSATs about the same clients.
 *
 * @module
 */
import { ZERO } from "../../herd/core/bytes/bytes.ts";

const TIME_DIGITS = 10;
const FIRST_SECOND = 1_600_000_000;

function clientName(name: string, client: number): string {
  return `${name}-${String(client).padStart(6, "0")}`;
}

/** Lines of equal length, one client each. */
export interface Traffic {
  /** The lines from `first` to before `last`, ready to send. */
  stamp(first: number, last: number): Uint8Array<ArrayBuffer>;
}

/** WHATSAT lines about the clients of {@linkcode Fixes} of the same name. */
export class Questions implements Traffic {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #lineBytes: number;

  /** One line for each of `lines` clients. */
  constructor(name: string, lines: number) {
    const text = Array.from(
      { length: lines },
      (_, client) => `WHATSAT ${clientName(name, client)} 10 5\n`,
    ).join("");
    this.#bytes = new TextEncoder().encode(text);
    this.#lineBytes = text.indexOf("\n") + 1;
  }

  /** The lines, which never change. */
  stamp(first: number, last: number): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(
      first * this.#lineBytes,
      last * this.#lineBytes,
    );
  }
}

/** IAMAT lines, with new times before each use. */
export class Fixes implements Traffic {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #lineBytes: number;
  readonly #timeAt: number;
  #second = FIRST_SECOND;

  /**
   * @param name Prefix of the clients' names.
   * @param lines The number of lines, and of clients.
   * @param orderOf The client of each line; by default in the order of names.
   */
  constructor(
    name: string,
    lines: number,
    orderOf: (line: number) => number = (line) => line,
  ) {
    const head = (client: number) =>
      `IAMAT ${clientName(name, client)} +34.068930-118.445127 `;
    const text = Array.from(
      { length: lines },
      (_, line) => `${head(orderOf(line))}${FIRST_SECOND}.959498503\n`,
    ).join("");
    this.#bytes = new TextEncoder().encode(text);
    this.#lineBytes = text.indexOf("\n") + 1;
    this.#timeAt = head(0).length;
  }

  /**
   * Advances the lines from `first` to before `last` by one second; returns
   * them.
   */
  stamp(first: number, last: number): Uint8Array<ArrayBuffer> {
    if (first === 0) this.#second++;
    for (let line = first; line < last; line++) {
      let at = line * this.#lineBytes + this.#timeAt + TIME_DIGITS;
      for (let rest = this.#second; rest > 0; rest = Math.floor(rest / 10)) {
        this.#bytes[--at] = ZERO + rest % 10;
      }
    }
    return this.#bytes.subarray(
      first * this.#lineBytes,
      last * this.#lineBytes,
    );
  }
}
