/**
 * The replies of one connection, in the order of its commands.
 *
 * @module
 */
import type { ByteString } from "./bytes.ts";
import { WriterPool } from "./writer_pool.ts";
import { ByteWriter } from "./writer.ts";

/**
 * A buffer of this size is followed by a new one. If it went on growing while a
 * client does not read, it would leave behind as much memory again, and be
 * copied as often.
 */
const FULL_BYTES = 65_536;
/**
 * Size of a following buffer: room for many replies, and for the last one,
 * which goes beyond the limit above.
 */
const FURTHER_BYTES = 81_920;

/** A reply whose text comes later. The replies after it wait for it. */
export class PendingReply {
  /** Bytes of memory held until the text is there. */
  readonly heldBytes: number;
  text: ByteString | undefined;
  /** Bytes of the text already taken. */
  taken = 0;

  constructor(heldBytes: number) {
    this.heldBytes = heldBytes;
  }
}

/** Replies. Those before the first pending one can be sent. */
export class Replies {
  /** Shared memory, returned while there are no replies. */
  readonly #pool: WriterPool;
  /** Everything before `#out`, in order. */
  readonly #parts: (PendingReply | ByteWriter)[] = [];
  /** Bytes in `#parts`, and those that pending replies hold. */
  #partBytes = 0;
  #out: ByteWriter | undefined;
  #pending = 0;

  constructor(pool: WriterPool = new WriterPool()) {
    this.#pool = pool;
  }

  get pending(): number {
    return this.#pending;
  }

  /**
   * Bytes of replies, sendable or waiting behind a pending one, and those that
   * pending replies hold.
   */
  get bytes(): number {
    const out = this.#out;
    return out === undefined ? this.#partBytes : this.#partBytes + out.length;
  }

  /** Bytes of memory used. */
  get capacity(): number {
    let bytes = this.#out === undefined ? 0 : this.#out.capacity;
    for (const part of this.#parts) {
      bytes += part instanceof ByteWriter ? part.capacity : bytesIn(part);
    }
    return bytes;
  }

  /** Where the next reply is written. */
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

  /** Closes the current buffer, because something else follows. */
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
   * Reserves the place of a reply whose text comes later, by {@linkcode
   * Replies.settle}.
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

  /** The position of the next reply; see {@linkcode Replies.hold}. */
  place(): number {
    this.#endOut();
    return this.#parts.length;
  }

  /**
   * Holds back everything written since {@linkcode Replies.place} returned
   * `place`, until it is released. None of it may have been taken yet.
   */
  hold(place: number): PendingReply {
    const hold = new PendingReply(0);
    this.#parts.splice(place, 0, hold);
    return hold;
  }

  /** Releases what {@linkcode Replies.hold} held back. */
  release(hold: PendingReply): void {
    hold.text = "";
  }

  /**
   * Sets the text of a pending reply.
   *
   * @throws {RangeError} If it has one already.
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
   * Takes the next buffer that can be sent now; `undefined` if there is none.
   * Small ones are merged into one write. Of a text of several megabytes only a
   * piece is taken, because copying it whole would keep all others waiting.
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

  /** The next part, unless it is pending. */
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

  /** Returns a buffer to the pool once it has been sent. */
  recycle(sent: ByteWriter): void {
    this.#pool.give(sent);
  }

  /** Drops all replies, because the client is gone. */
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
