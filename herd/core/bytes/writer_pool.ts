/**
 * Buffers that many connections share, so that idle ones hold none.
 *
 * @module
 */
import { Arena } from "./arena.ts";
import { ByteWriter } from "./writer.ts";

/** Buffers that are kept. They are small: see {@linkcode ByteWriter}. */
const SPARE_MAX = 1_024;

export class WriterPool {
  readonly #spare: ByteWriter[] = [];
  readonly #arena = new Arena();

  /** Takes an empty buffer, the last returned one if there is any. */
  take(): ByteWriter {
    return this.#spare.pop() ?? new ByteWriter(this.#arena);
  }

  /** Returns a buffer that is no longer read. */
  give(writer: ByteWriter): void {
    if (this.#spare.length >= SPARE_MAX) return writer.free();
    writer.clear();
    this.#spare.push(writer);
  }
}
