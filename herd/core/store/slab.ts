/**
 * Memory for many short byte runs, in large segments: a run costs no object.
 *
 * @module
 */
import { ByteBlock } from "../bytes/block.ts";

/** Runs are multiples of this. */
const UNIT_BYTES = 16;
const SEGMENT_BYTES = 1_048_576;
const SEGMENT_BITS = 16;
const SEGMENT_UNITS = 1 << SEGMENT_BITS;
/** The first segment is small, because many servers know few clients. */
const FIRST_BYTES = 4_096;

export function unitsFor(bytes: number): number {
  return Math.ceil(bytes / UNIT_BYTES);
}

export function bytesIn(units: number): number {
  return units * UNIT_BYTES;
}

/** An allocator. A place is the number of a run's first unit. */
export class Slab {
  readonly #segments: ByteBlock[] = [];
  /** Released places, by their number of units. */
  readonly #free = new Map<number, number[]>();
  /** The first unused unit of the last segment, and the segment's end. */
  #next = 0;
  #end = 0;
  #bytes = 0;

  /**
   * Allocates a run.
   *
   * @throws {RangeError} If it is longer than a segment, 1 MiB.
   */
  allocate(units: number): number {
    const released = this.#free.get(units)?.pop();
    if (released !== undefined) return released;
    if (units > SEGMENT_UNITS) {
      throw new RangeError(`Cannot allocate ${bytesIn(units)} bytes at once`);
    }
    if (this.#next + units > this.#end) this.#grow(units);
    const place = this.#next;
    this.#next += units;
    return place;
  }

  #grow(units: number): void {
    const isSmall = this.#segments.length === 0 &&
      bytesIn(units) <= FIRST_BYTES;
    const bytes = isSmall ? FIRST_BYTES : SEGMENT_BYTES;
    this.#next = this.#segments.length * SEGMENT_UNITS;
    this.#end = this.#next + bytes / UNIT_BYTES;
    this.#bytes += bytes;
    this.#segments.push(new ByteBlock(new Uint8Array(bytes)));
  }

  /** Bytes of all segments. */
  get bytes(): number {
    return this.#bytes;
  }

  release(place: number, units: number): void {
    const places = this.#free.get(units);
    if (places === undefined) this.#free.set(units, [place]);
    else places.push(place);
  }

  block(place: number): ByteBlock {
    return this.#segments[place >>> SEGMENT_BITS]!;
  }

  /** Offset of a run in its block. */
  offset(place: number): number {
    return (place & (SEGMENT_UNITS - 1)) * UNIT_BYTES;
  }
}
