/**
 * What a server's worker records of what passes through it.
 *
 * It writes into shared memory, so that recording sends no messages, and what
 * was recorded survives the death of the worker that did. A segment is handed
 * over before it is needed.
 *
 * @module
 */
import { ByteBlock } from "../../herd/core/block.ts";
import {
  bytesOf,
  type ByteString,
  byteString,
  readable,
} from "../../herd/core/bytes.ts";
import type { FixSpan } from "../../herd/core/fix.ts";

/** What a server has recorded. */
export type TraceRecord = FixRecord | ControlRecord;

/** A fix that came to a server, or was written to a link. */
export interface FixRecord {
  /** Which of the two. */
  readonly kind: "delivery" | "sent";
  /** When, in milliseconds since the epoch. */
  readonly atMs: number;
  /** The server that recorded it. */
  readonly server: string;
  /** The neighbour at the other end; `null`: a client. */
  readonly peer: string | null;
  /** The AT line, as people read it. */
  readonly line: string;
  /** Of a delivery: whether it was newer than what was held. */
  readonly isNew: boolean;
}

/** A message that is neither an update nor a beat was written to a link. */
export interface ControlRecord {
  /** Which record it is. */
  readonly kind: "control";
  /** When, in milliseconds since the epoch. */
  readonly atMs: number;
  /** The server that recorded it. */
  readonly server: string;
  /** The neighbour at the other end. */
  readonly peer: string;
  /** The message's first word; SYNC for all messages of a sync. */
  readonly command: string;
  /** How many lines it has. */
  readonly lines: number;
}

const SEGMENT_BYTES = 262_144;
/** The bytes in use, in the first word of a segment, count this header too. */
const SEGMENT_HEADER_BYTES = 8;
/** Time 8, flags 1, peer 2, length 4. */
const RECORD_HEADER_BYTES = 15;

const IS_NEW = 1;
const IS_SENT = 2;
const IS_CONTROL = 4;

interface Segment {
  readonly used: Int32Array;
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

function segmentOf(memory: SharedArrayBuffer): Segment {
  return {
    used: new Int32Array(memory, 0, 1),
    bytes: new Uint8Array(memory),
    view: new DataView(memory),
  };
}

/** Records what passes through one server. */
export class TraceWriter {
  readonly #peers: ReadonlyMap<ByteString, number>;
  readonly #onSegment: (segment: SharedArrayBuffer) => void;
  #segment: Segment;
  #at = SEGMENT_HEADER_BYTES;
  #next: Segment | undefined;

  /**
   * Begins with an empty segment.
   * @param neighbours The server's neighbours, as {@linkcode readTrace} is told.
   * @param onSegment Gets each segment before anything is written to it.
   */
  constructor(
    neighbours: readonly string[],
    onSegment: (segment: SharedArrayBuffer) => void,
  ) {
    this.#peers = new Map(neighbours.map((name, i) => [name, i + 1]));
    this.#onSegment = onSegment;
    this.#segment = this.#fresh(SEGMENT_BYTES);
  }

  /** A fix came, from a client where `from` is left open. */
  delivered(
    fix: FixSpan,
    from: ByteString | undefined,
    isNew: boolean,
    atMs: number,
  ): void {
    const peer = from === undefined ? 0 : this.#peers.get(from) ?? 0;
    this.#write(fix, peer, isNew ? IS_NEW : 0, atMs);
  }

  /** A fix was written for a neighbour. */
  sent(fix: FixSpan, to: ByteString, atMs: number): void {
    this.#write(fix, this.#peers.get(to) ?? 0, IS_SENT, atMs);
  }

  /** Another message was written for a neighbour: its first word, its lines. */
  control(
    command: ByteString,
    lines: number,
    to: ByteString,
    atMs: number,
  ): void {
    const block = new ByteBlock(bytesOf(`${command} ${lines}`));
    const span = { block, start: 0, end: block.bytes.length };
    this.#write(span, this.#peers.get(to) ?? 0, IS_CONTROL, atMs);
  }

  #write(
    fix: Pick<FixSpan, "block" | "start" | "end">,
    peer: number,
    flags: number,
    atMs: number,
  ): void {
    const length = fix.end - fix.start;
    const segment = this.#room(RECORD_HEADER_BYTES + length);
    const { view, bytes } = segment;
    view.setFloat64(this.#at, atMs);
    view.setUint8(this.#at + 8, flags);
    view.setUint16(this.#at + 9, peer);
    view.setUint32(this.#at + 11, length);
    bytes.set(
      fix.block.bytes.subarray(fix.start, fix.end),
      this.#at + RECORD_HEADER_BYTES,
    );
    this.#at += RECORD_HEADER_BYTES + length;
    Atomics.store(segment.used, 0, this.#at);
  }

  /** A segment with so much room; the one after it is handed over in time. */
  #room(bytes: number): Segment {
    const size = this.#segment.bytes.length;
    if (this.#at + bytes > size) {
      const isEnough = bytes + SEGMENT_HEADER_BYTES <= SEGMENT_BYTES;
      this.#segment = isEnough && this.#next !== undefined
        ? this.#next
        : this.#fresh(Math.max(SEGMENT_BYTES, bytes + SEGMENT_HEADER_BYTES));
      if (isEnough) this.#next = undefined;
      this.#at = SEGMENT_HEADER_BYTES;
    } else if (this.#at > size / 2) this.#next ??= this.#fresh(SEGMENT_BYTES);
    return this.#segment;
  }

  #fresh(bytes: number): Segment {
    const memory = new SharedArrayBuffer(bytes);
    const segment = segmentOf(memory);
    Atomics.store(segment.used, 0, SEGMENT_HEADER_BYTES);
    this.#onSegment(memory);
    return segment;
  }
}

/**
 * Reads what a server has recorded so far, while it goes on.
 *
 * @param server Its name.
 * @param neighbours Its neighbours, in the order that the writer was told.
 * @param segments Its segments, in the order in which they were handed over.
 * @param texts Lines that were read before, so that those of several servers
 * are one and the same text, which is quick to look up and held once.
 */
export function* readTrace(
  server: string,
  neighbours: readonly string[],
  segments: readonly SharedArrayBuffer[],
  texts: Map<ByteString, string> = new Map(),
): IterableIterator<TraceRecord> {
  for (const memory of segments) {
    const { used, bytes, view } = segmentOf(memory);
    const end = Atomics.load(used, 0);
    for (let at = SEGMENT_HEADER_BYTES; at < end;) {
      const flags = view.getUint8(at + 8);
      const peer = view.getUint16(at + 9);
      const start = at + RECORD_HEADER_BYTES;
      const length = view.getUint32(at + 11);
      const atMs = view.getFloat64(at);
      const line = textOf(
        byteString(bytes.subarray(start, start + length)),
        texts,
      );
      const name = peer === 0 ? null : neighbours[peer - 1]!;
      if (flags & IS_CONTROL) {
        const [command = "", lines] = line.split(" ");
        yield {
          kind: "control",
          atMs,
          server,
          peer: name ?? "",
          command,
          lines: Number(lines),
        };
      } else {
        yield {
          kind: flags & IS_SENT ? "sent" : "delivery",
          atMs,
          server,
          peer: name,
          line,
          isNew: (flags & IS_NEW) !== 0,
        };
      }
      at = start + length;
    }
  }
}

function textOf(line: ByteString, texts: Map<ByteString, string>): string {
  const known = texts.get(line);
  if (known !== undefined) return known;
  const text = readable(line);
  texts.set(line, text);
  return text;
}
