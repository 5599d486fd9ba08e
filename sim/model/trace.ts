/**
 * What a server's worker records of the traffic through it.
 *
 * It writes into shared memory, so that recording sends no messages, and the
 * owner of the memory sees everything recorded, even if the worker was killed.
 * The memory grows as it is filled.
 *
 * @module
 */
import { ByteBlock, copyBytes } from "../../herd/core/bytes/block.ts";
import { bytesOf, type ByteString, utf8 } from "../../herd/core/bytes/bytes.ts";
import type { ServerEvent } from "../../herd/core/server_event.ts";
import type { FixSpan } from "../../herd/core/wire/fix.ts";
import type { HerdEvent } from "./events.ts";
import type { AlteredEvent } from "./line_events.ts";
import { LineTexts, textOf } from "./line_texts.ts";

/**
 * Memory for one life of a server: some ten million records. Only addresses are
 * reserved, and few systems have less than 2⁴⁶ of them.
 */
const TRACE_BYTES_MAX = 1_073_741_824;
/** Bytes by which it grows; memory without records is not used yet. */
const GROWTH_BYTES = 262_144;
/**
 * The first word counts the bytes in use, including this header. The second one
 * counts the records for which there was no room.
 */
const HEADER_BYTES = 8;
/** Time 8, flags 1, link 4, number 4, length 4. */
const RECORD_HEADER_BYTES = 21;

const IS_NEW = 1;
const IS_SENT = 2;
const IS_CONTROL = 4;
const IS_EVENT = 8;
const IS_OPENED = 16;
const IS_CLOSED = 32;
const IS_ALTERED = 64;
const IS_UNANSWERED = 128;

/** Records whose texts are hardly ever equal. */
const HAS_OWN_TEXT = IS_EVENT | IS_ALTERED | IS_UNANSWERED;

/** The initial size of memory that is not shared. */
const LOCAL_BYTES = 4_096;

/**
 * Memory that only this thread writes and reads: allocating it is much quicker
 * than shared memory.
 */
export class LocalTrace {
  /** As in a `SharedArrayBuffer`. */
  readonly maxByteLength: number = TRACE_BYTES_MAX;
  buffer: ArrayBuffer = new ArrayBuffer(LOCAL_BYTES);

  get byteLength(): number {
    return this.buffer.byteLength;
  }

  grow(bytes: number): void {
    // Unlike `transfer()`, this leaves memory alone that is not used yet.
    const grown = new ArrayBuffer(bytes);
    new Uint8Array(grown).set(new Uint8Array(this.buffer));
    this.buffer = grown;
  }
}

export type TraceMemory = SharedArrayBuffer | LocalTrace;

function bufferOf(memory: TraceMemory): SharedArrayBuffer | ArrayBuffer {
  return memory instanceof LocalTrace ? memory.buffer : memory;
}

function blockOf(memory: TraceMemory, bytes: number): ByteBlock {
  // Shared memory is read and written in the same way.
  const buffer = bufferOf(memory) as ArrayBuffer;
  return new ByteBlock(new Uint8Array(buffer, 0, bytes));
}

/** Empty memory for a {@linkcode TraceWriter}. */
export function traceMemory(
  maxByteLength: number = TRACE_BYTES_MAX,
): SharedArrayBuffer {
  return new SharedArrayBuffer(GROWTH_BYTES, { maxByteLength });
}

/** What a proxy did to a line; see {@linkcode AlteredEvent}. */
export type Alteration = Omit<AlteredEvent, "kind">;

/** Records the traffic through one server, or through the proxies of links. */
export class TraceWriter {
  readonly #peers: ReadonlyMap<ByteString, number>;
  /** The number of the newest connection to each neighbour. */
  readonly #links = new Map<ByteString, number>();
  #opened = 0;
  readonly #memory: TraceMemory;
  #used!: Int32Array;
  readonly #isLossy: boolean;
  #block!: ByteBlock;
  #at = HEADER_BYTES;

  /**
   * @param neighbours The server's neighbours, in the same order as for
   * {@linkcode readTrace}.
   * @param memory From {@linkcode traceMemory}, for this writer only.
   * @param isLossy Whether to drop records when the memory is full, and all
   * after them. Otherwise it throws.
   */
  constructor(
    neighbours: readonly string[],
    memory: TraceMemory,
    isLossy = false,
  ) {
    this.#isLossy = isLossy;
    this.#peers = new Map(neighbours.map((name, i) => [name, i + 1]));
    this.#memory = memory;
    this.#look();
  }

  /** A connection was opened, or has ended; the newest one is the link's. */
  connection(
    peer: ByteString,
    connection: string,
    isOpen: boolean,
    atMs: number,
  ): void {
    if (isOpen) this.#links.set(peer, ++this.#opened);
    const flags = isOpen ? IS_OPENED : IS_CLOSED;
    const number = this.#peers.get(peer) ?? 0;
    this.#write(spanOf(connection), 0, number, flags, atMs);
  }

  /** A fix has arrived, from a client if `from` is `undefined`. */
  delivered(
    fix: FixSpan,
    from: ByteString | undefined,
    isNew: boolean,
    number: number,
    atMs: number,
  ): void {
    const link = from === undefined ? 0 : this.#links.get(from) ?? 0;
    this.#write(fix, link, number, isNew ? IS_NEW : 0, atMs);
  }

  /** A fix was written for a neighbour. */
  sent(fix: FixSpan, to: ByteString, number: number, atMs: number): void {
    this.#write(fix, this.#links.get(to) ?? 0, number, IS_SENT, atMs);
  }

  /**
   * Another message was written for a neighbour: its first word, and its number
   * of lines.
   */
  control(
    command: ByteString,
    lines: number,
    to: ByteString,
    number: number,
    atMs: number,
  ): void {
    const link = this.#links.get(to) ?? 0;
    const span = spanOf(`${command} ${lines}`);
    this.#write(span, link, number, IS_CONTROL, atMs);
  }

  /**
   * The server asked the herd for a client, and `links` links did not answer.
   */
  unanswered(client: ByteString, links: number, atMs: number): void {
    this.#write(spanOf(client), 0, links, IS_UNANSWERED, atMs);
  }

  /** A proxy altered a line. */
  altered(alteration: Alteration, atMs: number): void {
    const span = spanOf(utf8(JSON.stringify(alteration)));
    this.#write(span, 0, 0, IS_ALTERED, atMs);
  }

  /** The server reported an event. */
  event(event: ServerEvent, atMs: number): void {
    this.#write(spanOf(utf8(JSON.stringify(event))), 0, 0, IS_EVENT, atMs);
  }

  #write(
    fix: Pick<FixSpan, "block" | "start" | "end">,
    link: number,
    number: number,
    flags: number,
    atMs: number,
  ): void {
    const length = fix.end - fix.start;
    const end = this.#at + RECORD_HEADER_BYTES + length;
    if (end > this.#block.bytes.length && !this.#grow(end)) {
      Atomics.add(this.#used, 1, 1);
      return;
    }
    const at = this.#at;
    const { words } = this.#block;
    words.setFloat64(at, atMs);
    words.setUint8(at + 8, flags);
    words.setUint32(at + 9, link);
    words.setUint32(at + 13, number);
    words.setUint32(at + 17, length);
    const textAt = at + RECORD_HEADER_BYTES;
    copyBytes(fix.block, fix.start, fix.end, this.#block, textAt);
    this.#at = end;
    Atomics.store(this.#used, 0, end);
  }

  #grow(bytes: number): boolean {
    // To grow memory that is not shared is to copy it.
    const size = this.#memory instanceof LocalTrace
      ? Math.max(bytes, 4 * this.#memory.byteLength)
      : Math.ceil(bytes / GROWTH_BYTES) * GROWTH_BYTES;
    if (size > this.#memory.maxByteLength) {
      if (this.#isLossy) {
        // After a gap, records would be assigned to the wrong connections.
        this.#at = Infinity;
        return false;
      }
      throw new RangeError(
        `Cannot record more than ${this.#memory.maxByteLength} bytes`,
      );
    }
    this.#memory.grow(size);
    this.#look();
    return true;
  }

  /**
   * Views of a fixed length are quicker than those that grow with the memory.
   */
  #look(): void {
    this.#used = new Int32Array(bufferOf(this.#memory), 0, 2);
    this.#block = blockOf(this.#memory, this.#memory.byteLength);
  }
}

function spanOf(text: ByteString): Pick<FixSpan, "block" | "start" | "end"> {
  const block = new ByteBlock(bytesOf(text));
  return { block, start: 0, end: block.bytes.length };
}

/** Reads what a server records, piece by piece, while it continues. */
export class TraceReader {
  /** Name of the recorded server. */
  readonly server: string;
  readonly #neighbours: readonly string[];
  readonly #memory: TraceMemory;
  readonly #texts: LineTexts | undefined;
  /** In the order in which they were opened; their numbers begin at 1. */
  readonly #links: { readonly peer: string; readonly connection: string }[] =
    [];
  #at = HEADER_BYTES;

  /**
   * @param server Its name.
   * @param neighbours Its neighbours, in the same order as for the writer.
   * @param memory The memory of the writer.
   * @param texts Lines read before, so that equal lines of several servers are
   * the same string, held once and quick to look up.
   */
  constructor(
    server: string,
    neighbours: readonly string[],
    memory: TraceMemory,
    texts?: LineTexts,
  ) {
    this.server = server;
    this.#neighbours = neighbours;
    this.#memory = memory;
    this.#texts = texts;
  }

  /** Number of bytes read. */
  get bytes(): number {
    return this.#at;
  }

  /** Number of records for which there was no room so far. */
  get leftOut(): number {
    return Atomics.load(new Int32Array(bufferOf(this.#memory), 0, 2), 1);
  }

  /** The events recorded since the last call. */
  *read(): IterableIterator<HerdEvent> {
    const used = new Int32Array(bufferOf(this.#memory), 0, 1);
    const end = Atomics.load(used, 0);
    const block = blockOf(this.#memory, end);
    while (this.#at < end) {
      const at = this.#at;
      const length = block.words.getUint32(at + 17);
      this.#at += RECORD_HEADER_BYTES + length;
      const isUsual = (block.words.getUint8(at + 8) & HAS_OWN_TEXT) === 0;
      const [start, end] = [this.#at - length, this.#at];
      const text = isUsual && this.#texts !== undefined
        ? this.#texts.of(block, start, end)
        : textOf(block.bytes, start, end);
      yield this.#event(block.words, at, text);
    }
  }

  #event(words: DataView, at: number, text: string): HerdEvent {
    const { server } = this;
    const atMs = words.getFloat64(at);
    const flags = words.getUint8(at + 8);
    const number = words.getUint32(at + 13);
    if (flags === IS_EVENT) {
      const { kind, ...event }: ServerEvent = JSON.parse(text);
      return { atMs, kind, server, ...event } as HerdEvent;
    }
    if (flags === IS_ALTERED) {
      const alteration: Alteration = JSON.parse(text);
      return { atMs, kind: "altered", ...alteration };
    }
    if (flags === IS_UNANSWERED) {
      return { atMs, kind: "unanswered", server, client: text, links: number };
    }
    if (flags === IS_OPENED || flags === IS_CLOSED) {
      const [connection, isOpen] = [text, flags === IS_OPENED];
      const peer = this.#neighbours[number - 1] ?? "";
      if (isOpen) this.#links.push({ peer, connection });
      return { atMs, kind: "connection", server, peer, connection, isOpen };
    }
    const link = this.#links[words.getUint32(at + 9) - 1];
    if (flags === IS_CONTROL) {
      const [command = "", count] = text.split(" ");
      const [to, lines] = [link?.peer ?? "", Number(count)];
      const place = link !== undefined && number > 0 &&
        { connection: link.connection, number };
      return { atMs, kind: "control", server, to, command, lines, ...place };
    }
    // Nearly all records are fixes. So the place is not spread into their
    // events, which would take several times as long.
    const line = text;
    const connection = link?.connection;
    const hasPlace = connection !== undefined && number > 0;
    if (flags === IS_SENT) {
      const kind = "sent";
      const to = link?.peer ?? "";
      return hasPlace
        ? { atMs, kind, server, to, line, connection, number }
        : { atMs, kind, server, to, line };
    }
    const kind = "delivery";
    const from = link?.peer ?? null;
    const isNew = flags === IS_NEW;
    return hasPlace
      ? { atMs, kind, server, from, line, isNew, connection, number }
      : { atMs, kind, server, from, line, isNew };
  }
}

/** Reads everything that a server has recorded; see {@linkcode TraceReader}. */
export function readTrace(
  server: string,
  neighbours: readonly string[],
  memory: TraceMemory,
  texts: LineTexts = new LineTexts(),
): IterableIterator<HerdEvent> {
  return new TraceReader(server, neighbours, memory, texts).read();
}
