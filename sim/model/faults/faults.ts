/**
 * What can be done to a link, and what each fault says of a line or a chunk.
 *
 * The names are those of Toxiproxy and tc-netem. A proxy between two programs
 * sees no packets: loss, duplicates, reordering and corruption are of lines of
 * the protocol, delays of chunks as they were read. Verdicts are pure: which
 * line is hit follows from the seed, the direction of the link, the fault and
 * the line's number, and from nothing else.
 *
 * @module
 */
import { CR, LF } from "../../../herd/core/bytes/bytes.ts";
import type { LineKind } from "../../../herd/core/wire/link_message.ts";
import { chance } from "./chance.ts";
import { type Distribution, spread, standardNormal } from "./distribution.ts";

/** What can be done to single lines. */
export const LINE_FAULTS = ["loss", "duplicate", "reorder", "corrupt"] as const;

/** Something that is done to single lines. */
export interface LineFault {
  /** What it is. */
  readonly kind: typeof LINE_FAULTS[number];
  /** How many of a hundred lines it hits, by chance. */
  readonly percent?: number;
  /** The one line it hits, counted from 1 as the fault begins. */
  readonly nth?: number;
  /** Only lines of this kind are hit, and counted. */
  readonly lines?: LineKind;
}

/** Chunks arrive later, and in their order. */
export interface LatencyFault {
  /** What it is. */
  readonly kind: "latency";
  /** Milliseconds, one way. */
  readonly latencyMs: number;
  /** How far it spreads; see {@linkcode spread}. */
  readonly jitterMs: number;
  /** How much a chunk's delay is like that of the one before, 0 to 1. */
  readonly correlation: number;
  /** How the jitter is distributed. */
  readonly distribution: Distribution;
}

/** No more than so many bytes a second pass. */
export interface BandwidthFault {
  /** What it is. */
  readonly kind: "bandwidth";
  /** Bytes a second. */
  readonly bytesPerSecond: number;
}

/** Chunks arrive in small pieces. */
export interface SlicerFault {
  /** What it is. */
  readonly kind: "slicer";
  /** Bytes of a piece, on average. */
  readonly averageBytes: number;
  /** Bytes that a piece may be longer or shorter. */
  readonly variationBytes: number;
  /** Milliseconds from one piece to the next. */
  readonly delayMs: number;
}

/** A connection is closed when so many bytes have passed. */
export interface LimitDataFault {
  /** What it is. */
  readonly kind: "limit_data";
  /** Bytes of one connection, counted from the fault's beginning. */
  readonly bytes: number;
}

/** The end of a connection is told later. */
export interface SlowCloseFault {
  /** What it is. */
  readonly kind: "slow_close";
  /** Milliseconds. */
  readonly delayMs: number;
}

/** Nothing passes, and after a while the connection is closed. */
export interface TimeoutFault {
  /** What it is. */
  readonly kind: "timeout";
  /** Milliseconds from the fault's beginning, or the connection's; 0: never. */
  readonly timeoutMs: number;
}

/** Nothing passes: bytes and ends are held, and pass after it. */
export interface CutFault {
  /** What it is. */
  readonly kind: "cut";
}

/** A fault that stands on a link until it is taken back. */
export type LinkFault =
  | CutFault
  | LatencyFault
  | BandwidthFault
  | SlicerFault
  | LimitDataFault
  | SlowCloseFault
  | TimeoutFault
  | LineFault;

/** Whether a fault is one of single lines. */
export function isLineFault(fault: LinkFault): fault is LineFault {
  return LINE_FAULTS.some((kind) => kind === fault.kind);
}

/** Whether a fault lets nothing pass while it stands. */
export function isHolding(fault: LinkFault): boolean {
  return fault.kind === "cut" || fault.kind === "timeout";
}

/** Where a verdict is given: the same place gives the same verdict. */
export interface Spot {
  /** What all choices follow from. */
  readonly seed: number;
  /** The direction of a link, `Alford>Parker`. */
  readonly direction: string;
  /** The fault's ID. */
  readonly id: string;
}

function chanceAt(spot: Spot, what: string, number: number): number {
  return chance(spot.seed, spot.direction, spot.id, what, number);
}

/**
 * Whether a fault hits a line.
 *
 * @param number The line's number among those that the fault counts, from 1.
 *
 * @example
 * ```ts
 * import { hitsLine } from "./faults.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const spot = { seed: 7, direction: "Alford>Parker", id: "loss-1" };
 * const second = { kind: "loss", nth: 2 } as const;
 * assertEquals([1, 2, 3].map((n) => hitsLine(second, spot, n)), [false, true, false]);
 * ```
 */
export function hitsLine(
  fault: LineFault,
  spot: Spot,
  number: number,
): boolean {
  if (fault.nth !== undefined) return number === fault.nth;
  const { percent = 100 } = fault;
  return chanceAt(spot, "line", number) * 100 < percent;
}

/** Whether a line, given by its first word, is one that a fault counts. */
export function countsLine(fault: LineFault, word: string): boolean {
  return fault.lines === undefined || fault.lines === word;
}

/**
 * A copy of a line with one bit of one byte turned, by chance. Its end stays,
 * and no other end comes about: what is corrupt is one line, not two.
 *
 * @param line The line with its line feed.
 */
export function corrupted(
  line: Uint8Array,
  spot: Spot,
  number: number,
): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(line);
  const length = copy.at(-1) === LF ? copy.length - 1 : copy.length;
  if (length === 0) return copy;
  const at = Math.floor(chanceAt(spot, "byte", number) * length);
  const first = Math.floor(chanceAt(spot, "bit", number) * 7);
  for (let step = 0; step < 7; step++) {
    const byte = copy[at]! ^ (1 << ((first + step) % 7));
    if (byte === LF || byte === CR) continue;
    copy[at] = byte;
    break;
  }
  return copy;
}

/**
 * The delays of the chunks of one direction, one after the other.
 *
 * Correlated as in tc-netem, a chunk's delay is like the one before it. There
 * the two are mixed evenly, which narrows their spread; here normal numbers are
 * mixed and then distributed, which keeps it (a Gaussian copula).
 */
export class Delays {
  readonly #fault: LatencyFault;
  readonly #spot: Spot;
  #chunk = 0;
  #before = 0;

  /** Delays from the first chunk on. */
  constructor(fault: LatencyFault, spot: Spot) {
    this.#fault = fault;
    this.#spot = spot;
  }

  /** Milliseconds that the next chunk is delayed. */
  next(): number {
    const { latencyMs, jitterMs, correlation, distribution } = this.#fault;
    const chunk = ++this.#chunk;
    if (jitterMs === 0) return latencyMs;
    const fresh = standardNormal(
      chanceAt(this.#spot, "radius", chunk),
      chanceAt(this.#spot, "angle", chunk),
    );
    const normal = chunk === 1
      ? fresh
      : correlation * this.#before + Math.sqrt(1 - correlation ** 2) * fresh;
    this.#before = normal;
    return Math.max(0, latencyMs + jitterMs * spread(distribution, normal));
  }
}

/**
 * The bytes of piece `number`, from 1, of a slicer: at least one.
 */
export function sliceBytes(
  fault: SlicerFault,
  spot: Spot,
  number: number,
): number {
  const { averageBytes, variationBytes } = fault;
  const fraction = chanceAt(spot, "slice", number) * 2 - 1;
  return Math.max(1, Math.round(averageBytes + variationBytes * fraction));
}
