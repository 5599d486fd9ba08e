/**
 * One end of a simulated TCP connection. What is written arrives in order after
 * a delay, in pieces of any size; what is not read fills a buffer, and then the
 * writer waits.
 *
 * @module
 */
import type { Address, Connection } from "../../../herd/net/platform.ts";
import type { Random } from "../../model/random.ts";
import { delayMs } from "./delays.ts";
import type { Open, VirtualMachine } from "./virtual_machine.ts";

/** How many bytes may be on their way or wait to be read. */
const BUFFER_BYTES = 262_144;
/**
 * The bandwidth of a connection. Reading and handling bytes takes no virtual
 * time, so without it a client that sends without end would send without limit.
 */
const BYTES_PER_MS = 20_000;
/** One write in so many arrives in two pieces, or is accepted only in part. */
const CUT_IN = 8;
/** One reader in so many is woken a little later. */
const LATE_READ_IN = 16;

/** The kinds of the system's errors, by their codes. */
const KINDS = {
  EADDRINUSE: "AddrInUse",
  ECONNREFUSED: "ConnectionRefused",
  ECONNRESET: "ConnectionReset",
  EINTR: "Interrupted",
  ENOTCONN: "NotConnected",
  EPIPE: "BrokenPipe",
} as const;

const errors = new Map<string, Error>();

/**
 * An error with a code, like those of the operating system. Each exists once,
 * because creating one takes long, and nobody changes it.
 */
export function systemError(code: keyof typeof KINDS): Error {
  const known = errors.get(code);
  if (known !== undefined) return known;
  const kind = Deno.errors[KINDS[code]];
  const error = Object.freeze(Object.assign(new kind(), { code }));
  errors.set(code, error);
  return error;
}

/** A pending promise. */
interface Waiter<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

interface Reader extends Waiter<number | null> {
  readonly into: Uint8Array;
}

interface Writer extends Waiter<number> {
  readonly bytes: Uint8Array;
}

/** One end, on one machine. */
export class VirtualConnection implements Connection, Open {
  readonly remoteAddr: Address;
  readonly #machine: VirtualMachine;
  readonly #random: Random;
  #other!: VirtualConnection;
  /** Received but not read; of the first, the part from `#at` on. */
  readonly #chunks: Uint8Array[] = [];
  #at = 0;
  /** Bytes that were written but that the other side has not read. */
  #unread = 0;
  /** Nothing that is sent arrives before this time. */
  #arrivedMs = 0;
  #reader: Reader | undefined;
  /** Writers that wait for room, in order. */
  readonly #writers: Writer[] = [];
  /** Whether the end of input or a reset has arrived. */
  #isEnded = false;
  #isReset = false;
  /** Whether the end was sent, or everything was closed. */
  #hasEnded = false;
  #isClosed = false;

  /**
   * An end that is not joined yet.
   *
   * @param random Decides delays.
   */
  constructor(machine: VirtualMachine, remoteAddr: Address, random: Random) {
    this.#machine = machine;
    this.remoteAddr = remoteAddr;
    this.#random = random;
    machine.opened(this);
  }

  /** Joins two ends. */
  static join(a: VirtualConnection, b: VirtualConnection): void {
    a.#other = b;
    b.#other = a;
  }

  /** Whether a reset has arrived. */
  get isReset(): boolean {
    return this.#isReset;
  }

  setNoDelay(): void {}

  /** Calls `arrive` at the other end, after all that was sent before. */
  #send(arrive: () => void, bytes = 0): void {
    const { time } = this.#machine;
    const soonestMs = this.#machine.nowMs + delayMs(this.#random);
    const behindMs = this.#arrivedMs + bytes / BYTES_PER_MS;
    this.#arrivedMs = Math.max(soonestMs, behindMs);
    time.at(this.#arrivedMs, arrive);
  }

  read(into: Uint8Array): Promise<number | null> {
    if (this.#isClosed) return Promise.reject(new Deno.errors.BadResource());
    return new Promise((resolve, reject) => {
      this.#reader = { into, resolve, reject };
      this.#feed();
    });
  }

  /** Gives the reader what has arrived. */
  readonly #feed = (): void => {
    const reader = this.#reader;
    if (reader === undefined || this.#machine.isOver) return;
    if (this.#isReset) {
      this.#reader = undefined;
      return reader.reject(systemError("ECONNRESET"));
    }
    if (this.#chunks.length === 0 && !this.#isEnded) return;
    this.#reader = undefined;
    reader.resolve(this.#take(reader.into));
  };

  /** Reads what has arrived; `null` at the end. */
  #take(into: Uint8Array): number | null {
    let count = 0;
    while (count < into.length) {
      const chunk = this.#chunks[0];
      if (chunk === undefined) break;
      const size = Math.min(chunk.length - this.#at, into.length - count);
      into.set(
        size === chunk.length
          ? chunk
          : chunk.subarray(this.#at, this.#at + size),
        count,
      );
      count += size;
      this.#at += size;
      if (this.#at < chunk.length) break;
      this.#chunks.shift();
      this.#at = 0;
    }
    if (count === 0) return null;
    const other = this.#other;
    other.#unread -= count;
    if (other.#writers.length > 0) this.#send(() => other.#retry());
    return count;
  }

  write(bytes: Uint8Array): Promise<number> {
    if (this.#isClosed) return Promise.reject(new Deno.errors.BadResource());
    if (this.#isReset || this.#hasEnded) {
      return Promise.reject(systemError("EPIPE"));
    }
    const hasRoom = this.#unread < BUFFER_BYTES && this.#writers.length === 0;
    if (hasRoom) return Promise.resolve(this.#put(bytes));
    return new Promise((resolve, reject) => {
      this.#writers.push({ bytes, resolve, reject });
    });
  }

  /** There is room: waiting writers go on. */
  #retry(): void {
    this.#machine.run(() => {
      while (this.#unread < BUFFER_BYTES) {
        const writer = this.#writers.shift();
        if (writer === undefined) return;
        writer.resolve(this.#put(writer.bytes));
      }
    });
  }

  /** Accepts what there is room for, or less; returns how much. */
  #put(bytes: Uint8Array): number {
    const room = Math.min(bytes.length, BUFFER_BYTES - this.#unread);
    if (room < 2 || this.#random.below(CUT_IN) > 0) {
      return this.#carry(bytes, 0, room);
    }
    const cut = 1 + this.#random.below(room - 1);
    const taken = this.#carry(bytes, 0, cut);
    const isInPart = this.#random.below(2) === 0;
    return isInPart ? taken : taken + this.#carry(bytes, cut, room);
  }

  #carry(bytes: Uint8Array, start: number, end: number): number {
    const chunk = bytes.slice(start, end);
    const other = this.#other;
    this.#unread += chunk.length;
    this.#send(() => other.#arrive(chunk), chunk.length);
    return chunk.length;
  }

  #arrive(chunk: Uint8Array): void {
    if (this.#isReset || chunk.length === 0) return;
    if (this.#isClosed) return this.#sendReset();
    this.#chunks.push(chunk);
    this.#wake();
  }

  /** Wakes the reader, at once or a little later, when it finds more. */
  #wake(): void {
    if (this.#reader === undefined) return;
    if (this.#random.below(LATE_READ_IN) > 0) this.#machine.run(this.#feed);
    else this.#machine.after(delayMs(this.#random), this.#feed);
  }

  /** Sends the end after what was written. */
  closeWrite(): Promise<void> {
    if (this.#isClosed) return Promise.reject(new Deno.errors.BadResource());
    if (this.#isReset) {
      return Promise.reject(systemError("ENOTCONN"));
    }
    this.#sendEnd();
    return Promise.resolve();
  }

  #sendEnd(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const other = this.#other;
    this.#send(() => {
      other.#isEnded = true;
      other.#wake();
    });
  }

  #sendReset(): void {
    const other = this.#other;
    this.#send(() => other.#onReset());
  }

  #onReset(): void {
    if (this.#isClosed || this.#isReset) return;
    this.#isReset = true;
    this.#chunks.length = 0;
    this.#wake();
    if (this.#writers.length === 0) return;
    this.#machine.run(() => this.#failWriters("EPIPE"));
  }

  #failWriters(code: "EINTR" | "EPIPE"): void {
    for (const { reject } of this.#writers.splice(0)) reject(systemError(code));
  }

  close(): void {
    if (this.#machine.isOver) return;
    if (this.#isClosed) throw new Deno.errors.BadResource();
    this.#finish();
    this.#reader?.reject(systemError("EINTR"));
    this.#reader = undefined;
    this.#failWriters("EINTR");
    this.#machine.closed(this);
  }

  /** Closes at once with a reset (RST); what is on its way is lost. */
  reset(): void {
    if (this.#isClosed || this.#machine.isOver) return;
    if (!this.#isReset) this.#sendReset();
    this.#isReset = true;
    this.close();
  }

  abandon(): void {
    this.#reader = undefined;
    this.#writers.length = 0;
    this.#finish();
  }

  /** Closing with unread input resets a connection, as in TCP. */
  #finish(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#isReset) return;
    if (this.#chunks.length > 0) this.#sendReset();
    else this.#sendEnd();
  }
}
