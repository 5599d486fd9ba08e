/**
 * The replies of one connection, in the order of its commands.
 *
 * @module
 */
import type { ByteString } from "./bytes.ts";

/** A reply that is still to come. Those after it wait for it. */
export interface PendingReply {
  /** The reply, once it is there. */
  text: ByteString | undefined;
}

/** Replies, some of them pending; what may be sent is what stands before the first pending one. */
export class Replies {
  /** What may be sent now. */
  #ready: ByteString = "";
  /** From the first pending reply on. */
  readonly #waiting: PendingReply[] = [];
  #waitingBytes = 0;
  #pending = 0;

  /** Replies that are pending. */
  get pending(): number {
    return this.#pending;
  }

  /** Bytes that are here, sendable or waiting behind a pending reply. */
  get bytes(): number {
    return this.#ready.length + this.#waitingBytes;
  }

  /** Adds a reply. */
  add(text: ByteString): void {
    const last = this.#waiting.at(-1);
    if (last === undefined) this.#ready += text;
    else {
      this.#waitingBytes += text.length;
      if (last.text === undefined) this.#waiting.push({ text });
      else last.text += text;
    }
  }

  /** Adds a reply whose text comes later, by {@linkcode Replies.settle}. */
  reserve(): PendingReply {
    const reply: PendingReply = { text: undefined };
    this.#waiting.push(reply);
    this.#pending++;
    return reply;
  }

  /** Gives a pending reply its text. */
  settle(reply: PendingReply, text: ByteString): void {
    if (reply.text !== undefined) {
      throw new RangeError("Cannot settle a reply: it is settled");
    }
    reply.text = text;
    this.#pending--;
    this.#waitingBytes += text.length;
    let done = 0;
    for (const { text } of this.#waiting) {
      if (text === undefined) break;
      this.#ready += text;
      this.#waitingBytes -= text.length;
      done++;
    }
    this.#waiting.splice(0, done);
  }

  /** Takes all that may be sent now. */
  take(): ByteString {
    const ready = this.#ready;
    this.#ready = "";
    return ready;
  }
}
