/**
 * A TCP connection that is read by lines and written by texts.
 *
 * @module
 */
import type { Arena } from "../core/bytes/arena.ts";
import { ByteBlock } from "../core/bytes/block.ts";
import { bytesOf, type ByteString } from "../core/bytes/bytes.ts";
import { LineBuffer } from "../core/wire/lines.ts";
import type { HeldInput, Holder } from "./held_input.ts";
import {
  type Clock,
  type Connection,
  isOver,
  TransportFailed,
  WRITE_BYTES_MAX,
} from "./platform.ts";
import { nextTurn } from "./timing.ts";

/** A small read buffer is enough for most connections, as they send little. */
const READ_BYTES_MIN = 2_048;
/** A large one, while more arrives. */
const READ_BYTES_MAX = 32_768;
/** Bytes that are still read, and discarded, after the last reply. */
const LINGER_BYTES_MAX = 64 * 1_048_576;
const LINGER_MS_MAX = 2_000;
/** Number of such reads before others get their turn. */
const LINGER_READS = 16;

/** One connection. After `close()`, reads end and writes are dropped. */
export class Channel implements Holder {
  /** The lines received; see {@linkcode LineBuffer}. */
  readonly lines: LineBuffer;
  /** The remote address, such as `127.0.0.1:40312`. */
  readonly address: string;
  /** The ID of the connection after a handshake; see `connectionId`. */
  connection = "";
  /** What went wrong with its transport, such as TLS, if anything. */
  failure: string | undefined;
  bytesIn = 0;
  /** Bytes that the socket has accepted for sending. */
  bytesOut = 0;
  readonly #clock: Clock;
  readonly #conn: Connection;
  readonly #small = new ByteBlock(new Uint8Array(READ_BYTES_MIN));
  /** The current read buffer. */
  #block = this.#small;
  /** What is being sent, and who is told of its progress. */
  #sending = new Uint8Array(0);
  #onTaken: (bytes: number) => void = () => {};
  #isDry = true;
  /** Whether the last read filled at least a small buffer. */
  #isMuch = false;
  #isClosed = false;
  readonly #arena: Arena | undefined;
  #input: HeldInput | undefined;
  /** Bytes last reported to the shared memory for input. */
  #heldBytes = 0;

  /**
   * Takes over a connection, and reads lines of up to `lineBytesMax` bytes.
   *
   * @param input The memory for input that connections share.
   */
  constructor(
    clock: Clock,
    conn: Connection,
    lineBytesMax: number,
    input?: HeldInput,
  ) {
    this.#clock = clock;
    this.#conn = conn;
    this.#input = input;
    this.#arena = input?.arena;
    this.lines = new LineBuffer(lineBytesMax, this.#arena);
    const { hostname, port } = conn.remoteAddr;
    this.address = `${hostname}:${port}`;
    try {
      conn.setNoDelay(true);
    } catch (error) {
      // Some systems refuse it if the other side has closed already.
      if (!isOver(error)) throw error;
    }
  }

  /** Whether it is closed, by this side or because the connection was lost. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether the last read took everything available. */
  get isDry(): boolean {
    return this.#isDry;
  }

  /** Bytes of the last read, if it took everything available. */
  get askedBytes(): number {
    return this.#isDry ? this.lines.chunkBytes : Infinity;
  }

  get line(): ByteString {
    return this.lines.line.text;
  }

  /** Reads one chunk into `lines`; returns `false` at the end of input. */
  async read(): Promise<boolean> {
    this.#prepare();
    if (this.#isClosed) return false;
    try {
      return this.#feed(await this.#conn.read(this.#block.bytes));
    } catch (error) {
      return this.#lost(error);
    }
  }

  /**
   * Reads to the end of input, or to the last line that is to be read.
   *
   * @param onChunk Handles the lines of each chunk; returns what to wait for
   * before the next one is read, if anything. A chunk that needs no waiting
   * costs one `await`, since a promise costs nearly as much as a line.
   */
  async readAll(onChunk: () => Promise<void> | undefined): Promise<void> {
    for (;;) {
      this.#prepare();
      if (this.#isClosed || this.lines.isEnded) return;
      let count: number | null;
      try {
        count = await this.#conn.read(this.#block.bytes);
      } catch (error) {
        this.#lost(error);
        return;
      }
      if (!this.#feed(count)) return;
      const wait = onChunk();
      if (wait !== undefined) await wait;
    }
  }

  #prepare(): void {
    if (!this.#isClosed) this.#chooseBlock();
    this.#noteHeld();
  }

  #feed(count: number | null): boolean {
    if (count === null) return false;
    this.bytesIn += count;
    this.#isDry = count < this.#block.bytes.length;
    this.lines.feed(this.#block, count);
    this.#isMuch = count >= READ_BYTES_MIN;
    return true;
  }

  /**
   * Chooses a large buffer for the next read while much arrives, and a small
   * one otherwise, so that idle connections hold no large one.
   */
  #chooseBlock(): void {
    if (this.#isMuch) this.#readMore();
    else this.#readLess();
  }

  #readMore(): void {
    if (this.#block !== this.#small) return;
    if (this.#input?.hasRoom(READ_BYTES_MAX) === false) return;
    this.#block = this.#arena?.take(READ_BYTES_MAX) ??
      new ByteBlock(new Uint8Array(READ_BYTES_MAX));
  }

  #readLess(): void {
    if (this.#arena === undefined || this.#block === this.#small) return;
    this.#arena.give(this.#block);
    this.#block = this.#small;
  }

  get #largeBytes(): number {
    return this.#block === this.#small ? 0 : this.#block.bytes.length;
  }

  /** Reports how much it holds, other than its own small read buffer. */
  #noteHeld(): void {
    const heldBytes = this.#isClosed
      ? 0
      : this.#largeBytes + this.lines.capacity;
    const before = this.#heldBytes;
    if (heldBytes === before) return;
    this.#heldBytes = heldBytes;
    this.#input?.change(this, before, heldBytes);
  }

  /** Bytes held for an unfinished line; a whole one leaves its buffer behind. */
  get unfinishedBytes(): number {
    const isIdle = this.lines.unfinishedBytes === 0;
    return this.#isClosed || isIdle ? 0 : this.lines.capacity;
  }

  /** Closes, because others need the memory. */
  giveUp(): void {
    this.close();
    this.lines.free();
  }

  /** Uses memory of its own from now on, as links do. */
  leaveShared(): void {
    this.#input?.change(this, this.#heldBytes, 0);
    this.#input = undefined;
  }

  /** Frees all memory, after it was closed and nobody reads its lines. */
  free(): void {
    this.lines.free();
    this.#readLess();
  }

  /** The connection has ended; any error that does not say so is a bug. */
  #lost(error: unknown): false {
    if (!isOver(error)) throw error;
    this.close();
    if (error instanceof TransportFailed) this.failure = error.message;
    return false;
  }

  /**
   * Advances to the next whole line, reading as needed. Returns `false` at the
   * end of input, and at a line over the limit.
   */
  async nextLine(): Promise<boolean> {
    while (!this.lines.next()) {
      if (this.lines.isEnded) return false;
      if (!await this.read()) return false;
    }
    return true;
  }

  /**
   * At the end of input: advances to the rest, which has no line feed. If the
   * connection broke, the rest is part of a line and is ignored.
   */
  lastLine(): boolean {
    return !this.#isClosed && this.lines.finish();
  }

  /** Writes a whole text; returns `false` if the other side has closed. */
  writeText(text: ByteString): Promise<boolean> {
    return this.write(bytesOf(text));
  }

  /**
   * Writes all bytes; returns `false` if the other side has closed. What it
   * wrote before can still be read.
   */
  async write(bytes: Uint8Array): Promise<boolean> {
    try {
      for (let at = 0; at < bytes.length;) {
        if (this.#isClosed) return false;
        const count = await this.#conn.write(bytes.subarray(at));
        this.bytesOut += count;
        at += count;
      }
      return true;
    } catch (error) {
      if (!isOver(error)) throw error;
      return false;
    }
  }

  /**
   * Passes bytes to the socket until it has accepted all of them. One lot at a
   * time, so that no closure is allocated for each.
   *
   * @param onTaken Called with the number of bytes of each part that was
   * accepted, and with 0 if the other side has closed; what it wrote before can
   * still be read.
   */
  send(bytes: Uint8Array<ArrayBuffer>, onTaken: (bytes: number) => void): void {
    if (this.#isClosed) return onTaken(0);
    this.#sending = bytes;
    this.#onTaken = onTaken;
    this.#conn.write(
      bytes.length > WRITE_BYTES_MAX
        ? bytes.subarray(0, WRITE_BYTES_MAX)
        : bytes,
    ).then(this.#onWritten, this.#onUnwritten);
  }

  readonly #onWritten = (count: number): void => {
    const [bytes, onTaken] = [this.#sending, this.#onTaken];
    this.bytesOut += count;
    if (count < bytes.length) this.send(bytes.subarray(count), onTaken);
    onTaken(count);
  };

  readonly #onUnwritten = (error: unknown): void => {
    if (!isOver(error)) throw error;
    this.#onTaken(0);
  };

  /**
   * Closes so that what was written arrives. Closing a socket with unread input
   * makes TCP reset the connection, and the other side may lose the last reply;
   * so our side is closed first, and input is discarded for a while.
   *
   * @param lastText Written before, within the same time limit.
   */
  async closeGently(lastText: ByteString = ""): Promise<void> {
    if (this.#isClosed) return;
    const timer = this.#clock.after(LINGER_MS_MAX, () => this.close());
    try {
      if (!await this.writeText(lastText)) return;
      await this.#conn.closeWrite();
      let reads = 0;
      for (let left = LINGER_BYTES_MAX; left > 0;) {
        const count = await this.#conn.read(this.#block.bytes);
        if (count === null) break;
        left -= count;
        // A client that keeps sending must not keep others waiting.
        if (++reads % LINGER_READS === 0) await nextTurn(this.#clock);
      }
    } catch (error) {
      if (!isOver(error)) throw error;
    } finally {
      timer.cancel();
      this.close();
    }
  }

  /** Closes at once. May be called again. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#noteHeld();
    try {
      this.#conn.close();
    } catch (error) {
      if (!isOver(error)) throw error;
    }
  }
}
