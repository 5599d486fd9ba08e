/**
 * The replies of one connection, in the order of its commands.
 *
 * @module
 */
import type { ByteString } from "./bytes.ts";
import { ByteWriter } from "./writer.ts";

/** A reply that is still to come. Those after it wait for it. */
export class PendingReply {
  /** Its text, once it is here. */
  text: ByteString | undefined;
}

/**
 * Replies, some of them pending. What stands before the first pending one may
 * be sent.
 */
export class Replies {
  #ready = new ByteWriter();
  /** Memory of what was sent before, to be written again. */
  #spare: ByteWriter | undefined;
  /** From the first pending reply on. */
  readonly #waiting: (PendingReply | ByteWriter)[] = [];
  #pending = 0;

  /** Replies that are pending. */
  get pending(): number {
    return this.#pending;
  }

  /** Bytes that are here, sendable or waiting behind a pending reply. */
  get bytes(): number {
    let bytes = this.#ready.length;
    if (this.#waiting.length === 0) return bytes;
    for (const part of this.#waiting) {
      bytes += (part instanceof ByteWriter ? part : part.text ?? "").length;
    }
    return bytes;
  }

  /** Where the next reply is to be written. */
  get out(): ByteWriter {
    if (this.#waiting.length === 0) return this.#ready;
    const last = this.#waiting.at(-1);
    if (last instanceof ByteWriter) return last;
    const out = new ByteWriter();
    this.#waiting.push(out);
    return out;
  }

  /** Keeps the turn of a reply whose text comes later, by {@linkcode Replies.settle}. */
  reserve(): PendingReply {
    const reply = new PendingReply();
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
      if (part instanceof ByteWriter) {
        this.#ready.copy(part.block, 0, part.length);
      } else if (part.text !== undefined) this.#ready.text(part.text);
      else break;
      done++;
    }
    this.#waiting.splice(0, done);
  }

  /** Takes all that may be sent now; `undefined` if that is nothing. */
  take(): ByteWriter | undefined {
    const ready = this.#ready;
    if (ready.length === 0) return undefined;
    this.#ready = this.#spare ?? new ByteWriter();
    this.#spare = undefined;
    return ready;
  }

  /** Gives back what was taken, once it has been sent. */
  recycle(sent: ByteWriter): void {
    sent.clear();
    this.#spare = sent;
  }
}
