/**
 * Buffers that many connections use in turn, so that idle ones hold none.
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

  /** An empty buffer: the one that was given back last, if there is one. */
  take(): ByteWriter {
    return this.#spare.pop() ?? new ByteWriter(this.#arena);
  }

  /** Takes back a buffer that nobody reads any longer. */
  give(writer: ByteWriter): void {
    if (this.#spare.length >= SPARE_MAX) return writer.free();
    writer.clear();
    this.#spare.push(writer);
  }
}
