/**
 * The replies of one connection, in the order of its commands.
 *
 * @module
 */
import type { ByteString } from "./bytes.ts";
import { WriterPool } from "./writer_pool.ts";
import { ByteWriter } from "./writer.ts";

/**
 * Bytes after which a further buffer is begun: one that grew for as long as a
 * client does not read would leave behind as much again, and be copied as often.
 */
const FULL_BYTES = 65_536;
/** Room of a further one, for many replies, the last of which goes beyond that. */
const FURTHER_BYTES = 81_920;

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
  /** Those that are full, before it. */
  readonly #full: ByteWriter[] = [];
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
    // It is asked for at each line, and mostly this is all there is.
    const bytes = this.#ready === undefined ? 0 : this.#ready.length;
    return this.#isOneBuffer ? bytes : bytes + this.#others("length");
  }

  /** Bytes of memory that all of it takes up. */
  get capacity(): number {
    const bytes = this.#ready === undefined ? 0 : this.#ready.capacity;
    return this.#isOneBuffer ? bytes : bytes + this.#others("capacity");
  }

  /** Whether there is but one buffer, if any. */
  get #isOneBuffer(): boolean {
    return this.#full.length === 0 && this.#waiting.length === 0;
  }

  #others(which: "length" | "capacity"): number {
    let bytes = 0;
    for (const writer of this.#full) bytes += writer[which];
    for (const part of this.#waiting) {
      bytes += part instanceof ByteWriter
        ? part[which]
        : part.text?.length ?? part.heldBytes;
    }
    return bytes;
  }

  /** Where the next reply is to be written. */
  get out(): ByteWriter {
    if (this.#waiting.length === 0) return this.#readyOut;
    const last = this.#waiting.at(-1);
    if (last instanceof ByteWriter && last.length < FULL_BYTES) return last;
    const out = last instanceof ByteWriter
      ? this.#further()
      : this.#pool.take();
    this.#waiting.push(out);
    return out;
  }

  get #readyOut(): ByteWriter {
    const ready = this.#ready;
    if (ready !== undefined && ready.length < FULL_BYTES) return ready;
    if (ready === undefined) return this.#ready = this.#pool.take();
    this.#full.push(ready);
    return this.#ready = this.#further();
  }

  #further(): ByteWriter {
    const writer = this.#pool.take();
    writer.room(FURTHER_BYTES);
    return writer;
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
      if (part instanceof ByteWriter) this.#append(part);
      else this.#readyOut.text(part.text!);
      done++;
    }
    this.#waiting.splice(0, done);
  }

  /** Small ones are copied, to leave in one write. */
  #append(part: ByteWriter): void {
    const ready = this.#readyOut;
    if (part.length < FULL_BYTES) {
      ready.copy(part.block, 0, part.length);
      this.#pool.give(part);
      return;
    }
    if (ready.length > 0) this.#full.push(ready);
    else this.#pool.give(ready);
    this.#ready = part;
  }

  /** Takes the next buffer that may be sent now; `undefined` if there is none. */
  take(): ByteWriter | undefined {
    const full = this.#full.shift();
    if (full !== undefined) return full;
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
    for (const full of this.#full) this.#pool.give(full);
    this.#full.length = 0;
    for (const part of this.#waiting) {
      if (part instanceof ByteWriter) this.#pool.give(part);
    }
    this.#waiting.length = 0;
  }
}
