/**
 * What of a store is still to be written to disk, and how it comes back.
 *
 * It is a queue by client, as that of a link is: what waits is read from the
 * store when it is written, so of a client that tells much only the newest is.
 * Merging takes lines in any order, and twice, so files may be read in any order
 * too, and a snapshot be taken while the store changes.
 *
 * @module
 */
import { ByteBlock } from "../bytes/block.ts";
import { LF } from "../bytes/bytes.ts";
import type { ByteWriter } from "../bytes/writer.ts";
import { ClientQueue } from "../link/client_queue.ts";
import type { Store } from "../store/store.ts";
import { LineBuffer } from "../wire/lines.ts";
import { parseStoredLine } from "../wire/message.ts";
import { beginFrame, endFrame, partsOf } from "./frame.ts";

/** What was found in a file. */
export interface Replayed {
  /** Lines that were read. */
  readonly lines: number;
  /** Bytes of a last frame that was not written whole. */
  readonly tornBytes: number;
  /** Bytes of frames that were whole once; what they told is lost here. */
  readonly brokenBytes: number;
}

/** What is to be written of one store. */
export class Journal {
  readonly #store: Store;
  readonly #waiting: ClientQueue;
  /** Whether no fix of a client can be written: none is taken meanwhile. */
  isFull = false;

  /** Nothing waits. */
  constructor(store: Store) {
    this.#store = store;
    this.#waiting = new ClientQueue(store.tuning.queueSlots);
  }

  /** Fixes that are to be written. */
  get size(): number {
    return this.#waiting.size;
  }

  /** A client's fix has changed. */
  add(client: number): void {
    this.#waiting.add(client);
  }

  /** Writes a frame of what waits, of about so many bytes at most. */
  pull(out: ByteWriter, bytesMax: number): void {
    const start = beginFrame(out);
    while (this.size > 0 && out.length - start < bytesMax) {
      this.#writeLine(this.#waiting.shift(), out);
    }
    endFrame(out, start);
  }

  /**
   * Writes a frame of all that is held, from one client on.
   *
   * @returns The client to go on from; `undefined` once all are written.
   */
  pullAll(
    from: number,
    out: ByteWriter,
    bytesMax: number,
  ): number | undefined {
    const start = beginFrame(out);
    let client = from;
    while (client < this.#store.count && out.length - start < bytesMax) {
      this.#writeLine(client++, out);
    }
    endFrame(out, start);
    return client < this.#store.count ? client : undefined;
  }

  #writeLine(client: number, out: ByteWriter): void {
    this.#store.writeLine(client, out);
    out.byte(LF);
  }

  /**
   * Merges what a file holds, a frame at a time. Broken parts are passed over,
   * and counted.
   */
  *replay(bytes: Uint8Array<ArrayBuffer>): Generator<void, Replayed, void> {
    const found = { lines: 0, tornBytes: 0, brokenBytes: 0 };
    for (const { kind, start, end } of partsOf(bytes)) {
      if (kind === "torn") found.tornBytes += end - start;
      else if (kind === "broken") found.brokenBytes += end - start;
      else found.lines += this.#merge(bytes.subarray(start, end));
      yield;
    }
    return found;
  }

  #merge(bytes: Uint8Array<ArrayBuffer>): number {
    const lines = new LineBuffer(bytes.length);
    lines.feed(new ByteBlock(bytes), bytes.length);
    let count = 0;
    while (lines.next()) {
      const fix = parseStoredLine(lines.line);
      if (fix === undefined) continue;
      this.#store.merge(fix);
      count++;
    }
    return count;
  }
}
