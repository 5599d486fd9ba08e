/**
 * Lines for measuring: IAMATs, each newer than its client's previous one, and
 * WHATSATs about the same clients.
 *
 * @module
 */
import { LF, ZERO } from "../../herd/core/bytes/bytes.ts";

const TIME_DIGITS = 10;
const FIRST_SECOND = 1_600_000_000;

function clientName(name: string, client: number): string {
  return `${name}-${String(client).padStart(6, "0")}`;
}

/** Lines of equal length, one client each, such as commands that never change. */
export class Traffic {
  protected readonly bytes: Uint8Array<ArrayBuffer>;
  protected readonly lineBytes: number;

  /** Takes the lines, without their ends. */
  constructor(lines: readonly string[]) {
    this.bytes = new TextEncoder().encode(`${lines.join("\n")}\n`);
    this.lineBytes = this.bytes.indexOf(LF) + 1;
  }

  /** The lines from `first` to before `last`, ready to send. */
  stamp(first: number, last: number): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(first * this.lineBytes, last * this.lineBytes);
  }
}

/** A WHATSAT for each of the clients of {@linkcode Fixes} of the same name. */
export function questions(name: string, lines: number): Traffic {
  return new Traffic(
    Array.from(
      { length: lines },
      (_, client) => `WHATSAT ${clientName(name, client)} 10 5`,
    ),
  );
}

function iamatHead(name: string, client: number): string {
  return `IAMAT ${clientName(name, client)} +34.068930-118.445127 `;
}

/** IAMAT lines, with new times before each use. */
export class Fixes extends Traffic {
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
    super(
      Array.from(
        { length: lines },
        (_, line) =>
          `${iamatHead(name, orderOf(line))}${FIRST_SECOND}.959498503`,
      ),
    );
    this.#timeAt = iamatHead(name, 0).length;
  }

  /** Advances the lines by one second before it returns them. */
  override stamp(first: number, last: number): Uint8Array<ArrayBuffer> {
    if (first === 0) this.#second++;
    for (let line = first; line < last; line++) {
      let at = line * this.lineBytes + this.#timeAt + TIME_DIGITS;
      for (let rest = this.#second; rest > 0; rest = Math.floor(rest / 10)) {
        this.bytes[--at] = ZERO + rest % 10;
      }
    }
    return super.stamp(first, last);
  }
}
