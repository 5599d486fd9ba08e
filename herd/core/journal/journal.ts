/**
 * What of a store has still to be written to disk, and how it is read back.
 *
 * It is a queue by client, as a link has one: fixes are read from the store
 * when they are written, so of a client that updates often only the newest fix
 * is. Merging accepts lines in any order, and twice, so files may be read in
 * any order too, and a snapshot may be taken while the store changes.
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

/** What has still to be written of one store. */
export class Journal {
  readonly #store: Store;
  readonly #waiting: ClientQueue;
  /** Whether the disk is full, so that no fixes are accepted. */
  isFull = false;

  constructor(store: Store) {
    this.#store = store;
    this.#waiting = new ClientQueue(store.tuning.queueSlots);
  }

  /** Fixes that wait to be written. */
  get size(): number {
    return this.#waiting.size;
  }

  add(client: number): void {
    this.#waiting.add(client);
  }

  /** Writes a frame of waiting fixes, of about `bytesMax` bytes at most. */
  pull(out: ByteWriter, bytesMax: number): void {
    const start = beginFrame(out);
    while (this.size > 0 && out.length - start < bytesMax) {
      this.#writeLine(this.#waiting.shift(), out);
    }
    endFrame(out, start);
  }

  /**
   * Writes a frame of everything held, from client `from` on.
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

  /** A reader that merges a file back into the store. */
  replay(): Replay {
    return new Replay(this.#store);
  }
}

/** Merges a file into a store, piece by piece. */
export class Replay {
  readonly #store: Store;
  lines = 0;
  /** Bytes of damaged frames; their fixes are lost here. */
  brokenBytes = 0;
  /** Bytes of a last frame that was not written whole. */
  tornBytes = 0;
  /** Bytes after the last whole frame: a torn one, and zeros after it. */
  endBytes = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Merges the lines of a piece, one frame at a time. Damaged parts are skipped
   * and counted.
   *
   * @param isLast Whether no other piece follows.
   * @returns Where in it the next piece is to begin.
   */
  *read(
    piece: Uint8Array<ArrayBuffer>,
    isLast: boolean,
  ): Generator<void, number, void> {
    let at = 0;
    for (const { kind, start, end } of partsOf(piece, isLast)) {
      if (kind === "bad") {
        // Room that was reserved for frames is zeros.
        const last = piece.subarray(start, end).findLastIndex((it) => it !== 0);
        if (last >= 0) this.tornBytes = this.endBytes + last + 1;
        this.endBytes += end - start;
      } else {
        this.lines += this.#merge(piece.subarray(start, end));
        // With a whole frame after it, it was damage and not a torn end.
        this.brokenBytes += this.endBytes;
        this.tornBytes = this.endBytes = 0;
      }
      at = end;
      yield;
    }
    return at;
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
