/**
 * Columns of integers as compact text, so that a page can carry millions.
 *
 * Each number is a varint: seven bits per byte, lowest first, the top bit set
 * in all bytes but the last. The bytes are encoded in base64.
 * `sim/report_page/columns.ts` reads them.
 *
 * @module
 */

const FIRST_BYTES = 4_096;

export class ColumnWriter {
  #bytes = new Uint8Array(FIRST_BYTES);
  #length = 0;

  /** Adds an integer from 0 to 2^53 - 1. */
  add(number: number): void {
    if (this.#length + 8 > this.#bytes.length) {
      const more = new Uint8Array(this.#bytes.length * 2);
      more.set(this.#bytes);
      this.#bytes = more;
    }
    let rest = number;
    while (rest >= 128) {
      this.#bytes[this.#length++] = rest % 128 + 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Adds an integer that may be negative; small ones stay small. */
  addSigned(number: number): void {
    this.add(number < 0 ? -2 * number - 1 : 2 * number);
  }

  text(): string {
    return this.#bytes.subarray(0, this.#length).toBase64();
  }
}
