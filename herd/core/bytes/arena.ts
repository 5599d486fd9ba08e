/**
 * Memory for large, short-lived data, such as the replies to a flood, that is
 * returned to the operating system.
 *
 * An allocator keeps memory that it once had, unless it was a mapping of its
 * own: the C library does so for anything up to 32 MiB, as soon as something of
 * that size has been freed. One small live object among the freed ones is
 * enough to hold hundreds of mebibytes. So there are few blocks here, each
 * larger than that. The system backs only those pages that have been written.
 *
 * @module
 */
import { ByteBlock } from "./block.ts";

/** Allocations are multiples of this. */
const UNIT_BYTES = 16_384;
/** 33 MiB: above the size up to which the C library keeps freed memory. */
const SEGMENT_UNITS = 2_112;
/**
 * An empty segment is kept if at most this many of its units were ever used.
 */
const KEPT_UNITS = 512;

/** A block and the allocations in it. */
class Segment {
  readonly bytes: number;
  readonly #buffer: ArrayBuffer;
  /** Length of the allocation that begins at each unit; 0 if none does. */
  readonly #runs: Uint16Array;
  /** No unit below this one is free. */
  #lowest = 0;
  #used = 0;
  /** No unit from this one on was ever used. */
  #touched = 0;

  constructor(units: number) {
    this.bytes = units * UNIT_BYTES;
    this.#buffer = new ArrayBuffer(this.bytes);
    this.#runs = new Uint16Array(units);
  }

  get isEmpty(): boolean {
    return this.#used === 0;
  }

  get touched(): number {
    return this.#touched;
  }

  has(block: ByteBlock): boolean {
    return block.bytes.buffer === this.#buffer;
  }

  /** Takes the first free run that is long enough. */
  take(units: number): ByteBlock | undefined {
    const runs = this.#runs;
    if (runs.length - this.#used < units) return undefined;
    let first = -1;
    let start = this.#lowest;
    for (let at = start; at < runs.length;) {
      const taken = runs[at]!;
      at += Math.max(taken, 1);
      if (taken > 0) start = at;
      else if (first < 0) first = start;
      if (at - start < units) continue;
      this.#lowest = first === start ? at : first;
      return this.#block(start, units);
    }
    return undefined;
  }

  #block(start: number, units: number): ByteBlock {
    this.#runs[start] = units;
    this.#used += units;
    this.#touched = Math.max(this.#touched, start + units);
    return new ByteBlock(
      new Uint8Array(this.#buffer, start * UNIT_BYTES, units * UNIT_BYTES),
    );
  }

  give({ bytes }: ByteBlock): void {
    const start = bytes.byteOffset / UNIT_BYTES;
    this.#used -= this.#runs[start]!;
    this.#runs[start] = 0;
    this.#lowest = Math.min(this.#lowest, start);
  }

  /** Frees the block now; the garbage collector would take its time. */
  free(): void {
    this.#buffer.transfer(0);
  }
}

/**
 * An allocator of large blocks.
 *
 * @example A block is used again
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const arena = new Arena();
 * const block = arena.take(20_000);
 * assertEquals(block.bytes.length, 32_768);
 * arena.give(block);
 * assertEquals(arena.take(20_000).bytes.byteOffset, block.bytes.byteOffset);
 * ```
 */
export class Arena {
  /**
   * Segments in order of creation. Older ones are filled first, so that newer
   * ones become empty.
   */
  readonly #segments: Segment[] = [];

  /** Bytes of memory held, used or not. */
  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Takes a block of at least `bytes` bytes. Its content is arbitrary. */
  take(bytes: number): ByteBlock {
    const units = Math.ceil(bytes / UNIT_BYTES);
    for (const segment of this.#segments) {
      const block = segment.take(units);
      if (block !== undefined) return block;
    }
    const segment = new Segment(Math.max(units, SEGMENT_UNITS));
    this.#segments.push(segment);
    return segment.take(units)!;
  }

  /**
   * Returns a block that is no longer in use, and frees a segment that became
   * empty. One segment that was mostly unused stays, so that light use stays
   * cheap.
   */
  give(block: ByteBlock): void {
    const at = this.#segments.findIndex((segment) => segment.has(block));
    const segment = this.#segments[at];
    if (segment === undefined) return;
    segment.give(block);
    if (!segment.isEmpty) return;
    const isLast = this.#segments.length === 1;
    if (isLast && segment.touched <= KEPT_UNITS) return;
    this.#segments.splice(at, 1);
    segment.free();
  }
}
