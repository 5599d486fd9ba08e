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
  /** How much of it was taken. */
  taken = 0;

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
  /** All that stands before `#out`, in order. */
  readonly #parts: (PendingReply | ByteWriter)[] = [];
  /** Bytes of them, and those that pending ones hold. */
  #partBytes = 0;
  #out: ByteWriter | undefined;
  #pending = 0;

  /** None yet; `pool` may be shared. */
  constructor(pool: WriterPool = new WriterPool()) {
    this.#pool = pool;
  }

  get pending(): number {
    return this.#pending;
  }

  /**
   * Bytes that are here, sendable or waiting behind a pending reply, and those
   * that pending replies hold.
   */
  get bytes(): number {
    const out = this.#out;
    return out === undefined ? this.#partBytes : this.#partBytes + out.length;
  }

  /** Bytes of memory that all of it takes up. */
  get capacity(): number {
    let bytes = this.#out === undefined ? 0 : this.#out.capacity;
    for (const part of this.#parts) {
      bytes += part instanceof ByteWriter ? part.capacity : bytesIn(part);
    }
    return bytes;
  }

  /** Where the next reply is to be written. */
  get out(): ByteWriter {
    const out = this.#out;
    return out !== undefined && out.length < FULL_BYTES ? out : this.#nextOut();
  }

  #nextOut(): ByteWriter {
    const isFurther = this.#out !== undefined;
    this.#endOut();
    const out = this.#pool.take();
    if (isFurther) out.room(FURTHER_BYTES);
    return this.#out = out;
  }

  /** Something else comes after what was written so far. */
  #endOut(): void {
    const out = this.#out;
    if (out === undefined || out.length === 0) return;
    this.#add(out);
    this.#out = undefined;
  }

  #add(part: PendingReply | ByteWriter): void {
    this.#parts.push(part);
    this.#partBytes += bytesIn(part);
  }

  /**
   * Keeps the turn of a reply whose text comes later, by {@linkcode Replies.settle}.
   *
   * @param heldBytes Bytes of memory that are held until then.
   */
  reserve(heldBytes = 0): PendingReply {
    this.#endOut();
    const reply = new PendingReply(heldBytes);
    this.#add(reply);
    this.#pending++;
    return reply;
  }

  /** Where the next reply will stand; see {@linkcode Replies.hold}. */
  place(): number {
    this.#endOut();
    return this.#parts.length;
  }

  /**
   * Has all that was written since {@linkcode Replies.place} gave this `place` wait
   * until it is released. Nothing may have been taken since.
   */
  hold(place: number): PendingReply {
    const hold = new PendingReply(0);
    this.#parts.splice(place, 0, hold);
    return hold;
  }

  /** What waits for this need not any more. */
  release(hold: PendingReply): void {
    hold.text = "";
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
    const before = bytesIn(reply);
    reply.text = text;
    this.#pending--;
    // It may have been dropped.
    if (!this.#parts.includes(reply)) return;
    this.#partBytes += bytesIn(reply) - before;
  }

  /**
   * Takes the next buffer that may be sent now; `undefined` if there is none.
   * Small ones are copied into one, to leave in one write; of a text of some
   * megabytes a piece is taken, for to copy it whole keeps all others waiting.
   */
  take(): ByteWriter | undefined {
    let taken: ByteWriter | undefined;
    while (taken === undefined || taken.length < FULL_BYTES) {
      const part = this.#ready;
      if (part === undefined) break;
      if (taken?.length && bytesIn(part) >= FULL_BYTES) break;
      if (part instanceof PendingReply && bytesIn(part) > FULL_BYTES) {
        return this.#takePiece(part);
      }
      this.#dropFirst();
      if (taken === undefined && part instanceof ByteWriter) taken = part;
      else this.#append(taken ??= this.#pool.take(), part);
    }
    if (taken === undefined || taken.length > 0) return taken;
    this.#pool.give(taken);
    return undefined;
  }

  #takePiece(part: PendingReply): ByteWriter {
    const piece = this.#pool.take();
    const end = part.taken + FULL_BYTES;
    piece.text(part.text!.slice(part.taken, end));
    part.taken = end;
    this.#partBytes -= FULL_BYTES;
    return piece;
  }

  /** What comes next, unless it is pending. */
  get #ready(): PendingReply | ByteWriter | undefined {
    const part = this.#parts[0] ?? this.#out;
    const isPending = part instanceof PendingReply && part.text === undefined;
    return isPending ? undefined : part;
  }

  #dropFirst(): void {
    const part = this.#parts.shift();
    if (part === undefined) this.#out = undefined;
    else this.#partBytes -= bytesIn(part);
  }

  #append(to: ByteWriter, part: PendingReply | ByteWriter): void {
    if (part instanceof PendingReply) {
      return to.text(part.text!.slice(part.taken));
    }
    to.copy(part.block, 0, part.length);
    this.#pool.give(part);
  }

  /** Gives back what was taken, once it has been sent. */
  recycle(sent: ByteWriter): void {
    this.#pool.give(sent);
  }

  /** Forgets all that is here, for nobody is left who would be sent it. */
  drop(): void {
    if (this.#out !== undefined) this.#pool.give(this.#out);
    this.#out = undefined;
    for (const part of this.#parts) {
      if (part instanceof ByteWriter) this.#pool.give(part);
    }
    this.#parts.length = 0;
    this.#partBytes = 0;
  }
}

function bytesIn(part: PendingReply | ByteWriter): number {
  if (part instanceof ByteWriter) return part.length;
  return part.text === undefined
    ? part.heldBytes
    : part.text.length - part.taken;
}
