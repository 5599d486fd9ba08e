/**
 * The replies of one connection, in the order of its commands.
 *
 * @module
 */
import type { ByteString } from "./bytes.ts";
import { WriterPool } from "./writer_pool.ts";
import { ByteWriter } from "./writer.ts";

/** A reply that is still to come. Those after it wait for it. */
export class PendingReply {
  /** Bytes of memory that are held until its text is here. */
  readonly heldBytes: number;
  /** Its text, once it is here. */
  text: ByteString | undefined;

  /** Holds so much until then. */
  constructor(heldBytes: number) {
    this.heldBytes = heldBytes;
  }
}

/**
 * Replies, some of them pending. What stands before the first pending one may
 * be sent.
 */
export class Replies {
  /** Memory that others may use while nothing is here. */
  readonly #pool: WriterPool;
  #ready: ByteWriter | undefined;
  /** From the first pending reply on. */
  readonly #waiting: (PendingReply | ByteWriter)[] = [];
  #pending = 0;

  /** None yet; `pool` may be shared. */
  constructor(pool: WriterPool = new WriterPool()) {
    this.#pool = pool;
  }

  /** Replies that are pending. */
  get pending(): number {
    return this.#pending;
  }

  /**
   * Bytes that are here, sendable or waiting behind a pending reply, and those
   * that pending replies hold.
   */
  get bytes(): number {
    const bytes = this.#ready === undefined ? 0 : this.#ready.length;
    if (this.#waiting.length === 0) return bytes;
    return bytes + this.#waitingBytes("length");
  }

  /** Bytes of memory that all of it takes up. */
  get capacity(): number {
    const bytes = this.#ready === undefined ? 0 : this.#ready.capacity;
    if (this.#waiting.length === 0) return bytes;
    return bytes + this.#waitingBytes("capacity");
  }

  #waitingBytes(which: "length" | "capacity"): number {
    let bytes = 0;
    for (const part of this.#waiting) {
      bytes += part instanceof ByteWriter
        ? part[which]
        : part.text?.length ?? part.heldBytes;
    }
    return bytes;
  }

  /** Where the next reply is to be written. */
  get out(): ByteWriter {
    if (this.#waiting.length === 0) return this.#ready ??= this.#pool.take();
    const last = this.#waiting.at(-1);
    if (last instanceof ByteWriter) return last;
    const out = this.#pool.take();
    this.#waiting.push(out);
    return out;
  }

  /**
   * Keeps the turn of a reply whose text comes later, by {@linkcode Replies.settle}.
   *
   * @param heldBytes Bytes of memory that are held until then.
   */
  reserve(heldBytes = 0): PendingReply {
    const reply = new PendingReply(heldBytes);
    this.#waiting.push(reply);
    this.#pending++;
    return reply;
  }

  /**
   * Gives a pending reply its text.
   *
   * @throws {RangeError} If it has one.
   */
  settle(reply: PendingReply, text: ByteString): void {
    if (reply.text !== undefined) {
      throw new RangeError("Cannot settle a reply: it is settled");
    }
    reply.text = text;
    this.#pending--;
    let done = 0;
    for (const part of this.#waiting) {
      if (part instanceof PendingReply && part.text === undefined) break;
      const ready = this.#ready ??= this.#pool.take();
      if (part instanceof ByteWriter) {
        ready.copy(part.block, 0, part.length);
        this.#pool.give(part);
      } else ready.text(part.text!);
      done++;
    }
    this.#waiting.splice(0, done);
  }

  /** Takes all that may be sent now; `undefined` if that is nothing. */
  take(): ByteWriter | undefined {
    const ready = this.#ready;
    if (ready === undefined) return undefined;
    this.#ready = undefined;
    if (ready.length > 0) return ready;
    this.#pool.give(ready);
    return undefined;
  }

  /** Gives back what was taken, once it has been sent. */
  recycle(sent: ByteWriter): void {
    this.#pool.give(sent);
  }

  /** Forgets all that is here, for nobody is left who would be sent it. */
  drop(): void {
    if (this.#ready !== undefined) this.#pool.give(this.#ready);
    this.#ready = undefined;
    for (const part of this.#waiting) {
      if (part instanceof ByteWriter) this.#pool.give(part);
    }
    this.#waiting.length = 0;
  }
}
