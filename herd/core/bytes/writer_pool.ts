/**
 * Buffers that many connections use in turn, so that idle ones hold none.
 *
 * @module
 */
import { ByteWriter } from "./writer.ts";

/** Bytes that are kept. */
const SPARE_BYTES_MAX = 8_388_608;

/** Empty buffers to be written again. */
export class WriterPool {
  readonly #spare: ByteWriter[] = [];
  #spareBytes = 0;

  /** An empty buffer: the one that was given back last, if there is one. */
  take(): ByteWriter {
    const writer = this.#spare.pop();
    if (writer === undefined) return new ByteWriter();
    this.#spareBytes -= writer.capacity;
    return writer;
  }

  /** Takes back a buffer that nobody reads any longer. */
  give(writer: ByteWriter): void {
    writer.clear();
    if (this.#spareBytes + writer.capacity > SPARE_BYTES_MAX) {
      return writer.free();
    }
    this.#spareBytes += writer.capacity;
    this.#spare.push(writer);
  }
}
