/**
 * A WebSocket (RFC 6455) as a connection: the content of its messages is the
 * byte stream. The end of a message ends its last line. A server sends one
 * message for each reply: text, or binary data if a reply is not UTF-8 or
 * longer than one write.
 *
 * It is read no faster than its lines are handled, so TCP provides backpressure
 * as it does without a WebSocket.
 *
 * @module
 */
import { bytesOf, byteString, LF } from "../../core/bytes/bytes.ts";
import { writeAll } from "../disk.ts";
import { ReplyCutter } from "../../core/wire/reply_cutter.ts";
import {
  type Address,
  type Connection,
  orClosed,
  type Randomness,
  type TcpListener,
  TransportFailed,
  WRITE_BYTES_MAX,
} from "../platform.ts";
import {
  FrameWriter,
  isControl,
  OPCODE,
  readHead,
  unmask,
} from "./ws_frames.ts";
import { greet, GREETING_BYTES_MAX, Request } from "./ws_greeting.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });

function isUtf8(bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

const INPUT_BYTES = 16_384;
const CLOSE_NORMAL = 1_000;
const CLOSE_PROTOCOL = 1_002;

/** The rest of a data frame's payload. */
interface Payload {
  readonly mask: Uint8Array | undefined;
  readonly isLast: boolean;
  at: number;
  left: number;
}

/** One end of a WebSocket. */
abstract class WebSocketEnd implements Connection {
  readonly remoteAddr: Address;
  protected readonly conn: Connection;
  readonly #input = new Uint8Array(INPUT_BYTES);
  #start = 0;
  #end = 0;
  #payload: Payload | undefined;
  /** Whether a message has begun and not ended. */
  #isWithin = false;
  /** Whether the last byte returned was a line feed, or there was none. */
  #isLineEnd = true;
  #owesLineEnd = false;
  #isOpen: boolean | undefined;
  /** What was wrong with a frame, if one was. */
  #wrong: string | undefined;
  #isOver = false;
  #isCloseSent = false;
  /** The last write: writes follow each other. */
  #written: Promise<unknown> = Promise.resolve();
  /** The answer to the last ping, while it waits to be written. */
  #pong: Uint8Array | undefined;

  constructor(conn: Connection) {
    this.conn = conn;
    this.remoteAddr = conn.remoteAddr;
  }

  /** Does the opening handshake; resolves to whether it is open. */
  protected abstract open(): Promise<boolean>;
  /** Whether the other side masks what it sends. */
  protected abstract readonly expectsMask: boolean;
  /** Writes frames for as many bytes as can be sent; returns how many. */
  protected abstract frame(bytes: Uint8Array, into: FrameWriter): number;
  protected abstract mask(): Uint8Array | undefined;

  setNoDelay(isOn: boolean): void {
    this.conn.setNoDelay(isOn);
  }

  close(): void {
    this.conn.close();
  }

  async read(into: Uint8Array): Promise<number | null> {
    this.#isOpen ??= await this.open();
    if (!this.#isOpen || this.#isOver) return null;
    for (let count = 0;;) {
      count += this.#take(into.subarray(count));
      if (count > 0) return count;
      if (this.#wrong !== undefined) {
        await this.#sendClose(CLOSE_PROTOCOL);
        const why = `a WebSocket breaks the rules: ${this.#wrong}`;
        throw new TransportFailed(why);
      }
      if (this.#isOver || !await this.more()) return null;
    }
  }

  /** Copies available payload, of however many frames. */
  #take(into: Uint8Array): number {
    let count = 0;
    while (count < into.length && !this.#isOver && !this.#wrong) {
      if (this.#owesLineEnd) {
        into[count++] = LF;
        this.#owesLineEnd = false;
        this.#isLineEnd = true;
      } else if (this.#payload !== undefined) {
        const taken = this.#takePayload(this.#payload, into.subarray(count));
        count += taken;
        if (taken === 0 && this.#payload !== undefined) break;
      } else if (!this.#takeHead()) break;
    }
    return count;
  }

  #takePayload(payload: Payload, into: Uint8Array): number {
    const { left, mask } = payload;
    const count = Math.min(left, into.length, this.#end - this.#start);
    into.set(this.#input.subarray(this.#start, this.#start + count));
    if (mask !== undefined) unmask(into.subarray(0, count), mask, payload.at);
    this.#start += count;
    payload.at += count;
    payload.left -= count;
    if (count > 0) this.#isLineEnd = into[count - 1] === LF;
    if (payload.left === 0) {
      this.#payload = undefined;
      this.#owesLineEnd = payload.isLast && !this.#isLineEnd;
    }
    return count;
  }

  /** Parses a frame's head; returns `false` if it is incomplete or invalid. */
  #takeHead(): boolean {
    const bytes = this.#input.subarray(this.#start, this.#end);
    const head = readHead(bytes);
    if (head === undefined) return false;
    if (typeof head === "string") return this.#isWrong(head);
    const { opcode, isLast, mask, length, headBytes } = head;
    if ((mask !== undefined) !== this.expectsMask) {
      return this.#isWrong("the mask of a frame is missing, or too much");
    }
    if (isControl(opcode)) {
      if (bytes.length < headBytes + length) return false;
      const payload = bytes.slice(headBytes, headBytes + length);
      if (mask !== undefined) unmask(payload, mask, 0);
      this.#start += headBytes + length;
      if (opcode === OPCODE.ping) this.#answer(payload);
      if (opcode === OPCODE.close) this.#isOver = true;
      return true;
    }
    const isFirst = opcode !== OPCODE.continuation;
    if (isFirst === this.#isWithin) {
      return this.#isWrong("a message begins within one, or goes on after it");
    }
    this.#isWithin = !isLast;
    this.#start += headBytes;
    this.#payload = { mask, isLast, at: 0, left: length };
    return true;
  }

  #isWrong(why: string): false {
    this.#wrong = why;
    return false;
  }

  /** If pings come faster than answers leave, only the last one is answered. */
  #answer(payload: Uint8Array): void {
    const isWaiting = this.#pong !== undefined;
    this.#pong = payload;
    if (isWaiting) return;
    this.#inTurn(() => {
      const last = this.#pong!;
      this.#pong = undefined;
      return this.#writeFrame(OPCODE.pong, last);
    }).catch(() => {});
  }

  /** Reads more of the stream; resolves to `false` at its end. */
  protected async more(): Promise<boolean> {
    if (this.#start > 0) {
      this.#input.copyWithin(0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
    }
    const room = this.#input.subarray(this.#end);
    const count = await this.conn.read(room);
    this.#end += count ?? 0;
    return count !== null;
  }

  /**
   * The head of the HTTP message that opens it; `undefined` if there is none.
   */
  protected async httpHead(): Promise<string | undefined> {
    for (;;) {
      const text = byteString(this.#input.subarray(this.#start, this.#end));
      const end = text.indexOf("\r\n\r\n");
      if (end >= 0) {
        this.#start += end + 4;
        return text.slice(0, end);
      }
      if (text.length >= GREETING_BYTES_MAX || !await this.more()) {
        return undefined;
      }
    }
  }

  async write(bytes: Uint8Array): Promise<number> {
    this.#isOpen ??= await this.open();
    const frames = new FrameWriter();
    const count = this.frame(bytes, frames);
    await this.#inTurn(() => writeAll(this.conn, frames.take()));
    return count;
  }

  #inTurn(write: () => Promise<void>): Promise<void> {
    const written = this.#written.then(write);
    this.#written = written.catch(() => {});
    return written;
  }

  async #writeFrame(opcode: number, payload: Uint8Array): Promise<void> {
    const frames = new FrameWriter();
    frames.add(opcode, true, payload, this.mask());
    await writeAll(this.conn, frames.take());
  }

  #sendClose(code: number): Promise<void> {
    if (this.#isCloseSent) return Promise.resolve();
    this.#isCloseSent = true;
    const payload = Uint8Array.of(code >> 8, code & 0xff);
    return this.#inTurn(() => this.#writeFrame(OPCODE.close, payload));
  }

  async closeWrite(): Promise<void> {
    if (this.#isOpen === true) await this.#sendClose(CLOSE_NORMAL);
    await this.conn.closeWrite();
  }
}

/** How a server accepts WebSockets. */
export interface WebSocketOptions {
  /** Origins of pages that may connect, besides the same host; `*`: all. */
  readonly origins: readonly string[];
  /** Called when one was refused, with the reason. */
  readonly onRefused: (client: string, why: string) => void;
}

class ServerEnd extends WebSocketEnd {
  protected readonly expectsMask = true;
  readonly #options: WebSocketOptions;
  readonly #cutter = new ReplyCutter(WRITE_BYTES_MAX);
  #isText = false;

  constructor(conn: Connection, options: WebSocketOptions) {
    super(conn);
    this.#options = options;
  }

  protected async open(): Promise<boolean> {
    const head = await this.httpHead();
    if (head === undefined) return false;
    const { answer, refused } = greet(head, this.#options.origins);
    await writeAll(this.conn, bytesOf(answer));
    if (refused === undefined) return true;
    const { hostname, port } = this.remoteAddr;
    this.#options.onRefused(`${hostname}:${port}`, refused);
    return false;
  }

  protected mask(): undefined {
    return undefined;
  }

  protected frame(bytes: Uint8Array, into: FrameWriter): number {
    let at = 0;
    while (at < bytes.length) {
      const part = this.#cutter.cut(bytes, at);
      if (part === undefined) break;
      const reply = bytes.subarray(at, part.end);
      if (part.isFirst) this.#isText = part.isLast && isUtf8(reply);
      const opcode = part.isFirst
        ? this.#isText ? OPCODE.text : OPCODE.binary
        : OPCODE.continuation;
      into.add(opcode, part.isLast, reply);
      at = part.end;
    }
    return at;
  }
}

class ClientEnd extends WebSocketEnd {
  protected readonly expectsMask = false;
  readonly #randomness: Randomness;

  constructor(conn: Connection, randomness: Randomness) {
    super(conn);
    this.#randomness = randomness;
  }

  protected open(): Promise<boolean> {
    return Promise.resolve(true);
  }

  /**
   * @throws {Deno.errors.ConnectionRefused} If the server accepts no WebSocket.
   */
  async ask(address: Address): Promise<void> {
    const random = this.#randomness.randomBytes(16);
    const request = new Request(address, random);
    await writeAll(this.conn, bytesOf(request.text));
    const head = await this.httpHead();
    const why = head === undefined ? "it closed" : request.refusalIn(head);
    if (why === undefined) return;
    throw new Deno.errors.ConnectionRefused(`No WebSocket: ${why}`);
  }

  protected mask(): Uint8Array {
    return this.#randomness.randomBytes(4);
  }

  protected frame(bytes: Uint8Array, into: FrameWriter): number {
    const opcode = isUtf8(bytes) ? OPCODE.text : OPCODE.binary;
    into.add(opcode, true, bytes, this.mask());
    return bytes.length;
  }
}

/** Accepts WebSockets on all connections of a port. */
export function webSocketsOf(
  listener: TcpListener,
  options: WebSocketOptions,
): TcpListener {
  return {
    addr: listener.addr,
    accept: async () => new ServerEnd(await listener.accept(), options),
    close: () => listener.close(),
  };
}

/**
 * Opens a WebSocket on a connection.
 *
 * @throws {Deno.errors.ConnectionRefused} If the server accepts none.
 */
export async function openWebSocket(
  conn: Connection,
  address: Address,
  randomness: Randomness,
  signal?: AbortSignal,
): Promise<Connection> {
  const end = new ClientEnd(conn, randomness);
  await orClosed(conn, signal, () => end.ask(address));
  return end;
}
