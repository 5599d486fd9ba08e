/**
 * Buffers that many connections use in turn, so that idle ones hold none.
 *
 * @module
 */
import { ByteWriter } from "./writer.ts";

/** More are not kept. */
const SPARE_MAX = 32;

/** Empty buffers to be written again. */
export class WriterPool {
  readonly #spare: ByteWriter[] = [];

  /** An empty buffer: the one that was given back last, if there is one. */
  take(): ByteWriter {
    return this.#spare.pop() ?? new ByteWriter();
  }

  /** Takes back a buffer that nobody reads any longer. */
  give(writer: ByteWriter): void {
    if (this.#spare.length >= SPARE_MAX) return writer.free();
    writer.clear();
    this.#spare.push(writer);
  }
}
