/**
 * Memory for what comes and goes in great amounts, such as the replies to a
 * flood, and that the system is given back.
 *
 * An allocator keeps what it once had, unless that was a mapping of its own: the
 * C library's does so for all that is up to 32 MiB in size, as soon as something
 * of that size has been freed. One small thing among the freed is enough to hold
 * hundreds of mebibytes. So there are few blocks here, each larger than that. The
 * system backs only the pages of it that have been written.
 *
 * @module
 */
import { ByteBlock } from "./block.ts";

/** Runs are multiples of this. */
const UNIT_BYTES = 16_384;
/** Of 33 MiB. */
const SEGMENT_UNITS = 2_112;
/** Units that may have been used of a segment that is kept though it is empty. */
const KEPT_UNITS = 512;

/** A block, and which runs of it are taken. */
class Segment {
  readonly bytes: number;
  readonly #buffer: ArrayBuffer;
  /** The length of the run that begins at a unit; 0 if none does. */
  readonly #runs: Uint16Array;
  /** No unit before it is free. */
  #lowest = 0;
  #used = 0;
  /** No unit from here on was ever taken. */
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

  /** Takes the first run that is long enough. */
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

  /** The garbage collector sees no haste in that. */
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
  /** Those that were made first are filled first, so that others get empty. */
  readonly #segments: Segment[] = [];

  /** Bytes of memory that it may take up. */
  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Takes a block of at least so many bytes, which are any. */
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
   * Takes back a block that nobody uses any longer; what is empty then is freed.
   * One segment stays, so that little use costs little, if most was never used.
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
