/**
 * What the faults that are on make of the bytes of a direction: which lines
 * pass, and when each chunk is due.
 *
 * @module
 */
import { SPACE } from "../../../herd/core/bytes/bytes.ts";
import {
  corrupted,
  countsLine,
  Delays,
  hitsLine,
  isHolding,
  isLineFault,
  type LineFault,
  type LinkFault,
  sliceBytes,
  type Spot,
} from "./faults.ts";
import type { Piece } from "./line_stream.ts";

/** A fault that is on, with what it has done so far. */
export interface Standing {
  /** The fault. */
  readonly fault: LinkFault;
  /** When it began, in milliseconds of the same clock as all times here. */
  readonly beganMs: number;
  /** Lines, chunks or connections that it has acted on. */
  touched: number;
}

/** Bytes to be sent, and when. */
export interface Parcel {
  /** The bytes. */
  readonly bytes: Uint8Array;
  /** When they are due, in milliseconds. */
  readonly dueMs: number;
  /** Milliseconds of it that each fault has added, by its ID. */
  readonly addedMs: ReadonlyMap<string, number>;
  /** Whether they are a slice, to be sent apart from what is due with it. */
  readonly isApart?: true;
}

/** Bytes that pass, and what faults had a part in it. */
export interface Passing extends Piece {
  /** The kinds of those faults. */
  readonly by: readonly LineFault["kind"][];
  /** Whether they do not come out. */
  readonly isDropped: boolean;
}

/** When something is due: all that is owed to each fault after its coming. */
export type Due = Pick<Parcel, "dueMs" | "addedMs">;

/** The same, once a fault has ended: what it has added is taken off. */
export function dueWithout<T extends Due>(due: T, id: string): T {
  const addedMs = new Map(due.addedMs);
  const offMs = addedMs.get(id) ?? 0;
  addedMs.delete(id);
  return { ...due, dueMs: due.dueMs - offMs, addedMs };
}

function later<T extends Due>(due: T, id: string, ms: number): T {
  const addedMs = new Map(due.addedMs);
  addedMs.set(id, (addedMs.get(id) ?? 0) + ms);
  return { ...due, dueMs: due.dueMs + ms, addedMs };
}

/** A fault with what it needs to remember from chunk to chunk. */
interface Active extends Standing {
  readonly spot: Spot;
  readonly delays: Delays | undefined;
  /** Lines or slices so far. */
  number: number;
  /**
   * Of each connection, when its last byte so far has passed a narrow link:
   * what a connection left unsent is gone with it.
   */
  readonly freeMs: WeakMap<Connection, number>;
  /** Of each connection, a line that lets the next one pass it. */
  readonly held: Map<Connection, Passing>;
}

/** Anything that stands for one connection: what is held is held for it. */
export type Connection = object;

/** The faults of one direction of a link, `Alford>Parker`. */
export class DirectionFaults {
  readonly #seed: number;
  readonly #direction: string;
  readonly #active = new Map<string, Active>();

  /** No faults yet; what they do follows from `seed` and the direction. */
  constructor(seed: number, direction: string) {
    this.#seed = seed;
    this.#direction = direction;
  }

  /** Whether some are of single lines. */
  get anyOfLines(): boolean {
    return this.#all.some(({ fault }) => isLineFault(fault));
  }

  /** Whether some let nothing pass. */
  get isHeld(): boolean {
    return this.#all.some(({ fault }) => isHolding(fault));
  }

  get #all(): Active[] {
    return [...this.#active.values()];
  }

  /** The faults of one kind that are on. */
  of<K extends LinkFault["kind"]>(
    kind: K,
  ): (Standing & { readonly fault: Extract<LinkFault, { kind: K }> })[] {
    return this.#all.filter(({ fault }) => fault.kind === kind) as never;
  }

  /** Counts what holding faults have held back. */
  touchHolding(): void {
    for (const one of this.#all) if (isHolding(one.fault)) one.touched++;
  }

  /** A fault begins. One of the same ID is replaced. */
  begin(id: string, fault: LinkFault, beganMs: number): void {
    const spot = { seed: this.#seed, direction: this.#direction, id };
    const delays = fault.kind === "latency"
      ? new Delays(fault, spot)
      : undefined;
    const held = new Map<Connection, Passing>();
    const freeMs = new WeakMap<Connection, number>();
    const fresh = { number: 0, freeMs, held, touched: 0 };
    this.#active.set(id, { fault, beganMs, spot, delays, ...fresh });
  }

  /** A fault ends: what it has touched, and the lines that it held. */
  end(id: string): {
    touched: number;
    held: ReadonlyMap<Connection, Passing>;
  } {
    const { touched, held } = this.#active.get(id) ??
      { touched: 0, held: new Map() };
    this.#active.delete(id);
    return { touched, held };
  }

  /** How much a fault has touched so far. */
  touched(id: string): number {
    return this.#active.get(id)?.touched ?? 0;
  }

  /** The lines that are held for a connection, and are held no longer. */
  releaseHeld(connection: Connection): Passing[] {
    return this.#all.flatMap(({ held }) => taken(held, connection));
  }

  /**
   * What becomes of a piece by the faults of lines, oldest fault first. What is
   * dropped is among it, in its place.
   */
  pass(piece: Piece, connection: Connection): Passing[] {
    const passing: Passing = { ...piece, by: [], isDropped: false };
    // A line that passes in parts lets no other one in between.
    if (!piece.isLine) return [...this.releaseHeld(connection), passing];
    let lines = [passing];
    for (const one of this.#all) {
      const { fault } = one;
      if (!isLineFault(fault)) continue;
      lines = lines.flatMap((line) => passLine(one, fault, line, connection));
    }
    return lines;
  }

  /** When bytes are due that come at `nowMs`, and in which parts. */
  schedule(
    bytes: Uint8Array,
    nowMs: number,
    connection: Connection,
  ): Parcel[] {
    let parcels: Parcel[] = [{ bytes, dueMs: nowMs, addedMs: NOTHING_ADDED }];
    for (const one of this.#all) {
      if (one.fault.kind === "slicer") {
        parcels = parcels.flatMap((parcel) => sliced(one, parcel));
      } else if (one.fault.kind === "bandwidth") {
        parcels = parcels.map((it) => narrowed(one, it, nowMs, connection));
      } else if (one.fault.kind === "latency") {
        parcels = delayed(parcels, one);
      } else continue;
      one.touched++;
    }
    return parcels;
  }

  /** When the end of a connection is due that comes at `nowMs`. */
  scheduleEnd(nowMs: number): Due {
    let due: Due = { dueMs: nowMs, addedMs: NOTHING_ADDED };
    for (const one of this.#all) {
      const { id } = one.spot;
      if (one.fault.kind === "latency") {
        due = later(due, id, one.delays!.next());
      }
      if (one.fault.kind !== "slow_close") continue;
      due = later(due, id, one.fault.delayMs);
      one.touched++;
    }
    return due;
  }
}

const NOTHING_ADDED: ReadonlyMap<string, number> = new Map();

function firstWord(line: Uint8Array): string {
  const space = line.indexOf(SPACE);
  const end = space < 0 ? line.length - 1 : space;
  return String.fromCharCode(...line.subarray(0, Math.min(end, 8)));
}

function passLine(
  one: Active,
  fault: LineFault,
  line: Passing,
  connection: Connection,
): Passing[] {
  if (line.isDropped) return [line];
  const pass = () => passed(one.held, connection, line);
  if (!countsLine(fault, firstWord(line.bytes))) return pass();
  one.number++;
  if (!hitsLine(fault, one.spot, one.number)) return pass();
  if (one.held.has(connection)) return pass();
  one.touched++;
  const hit = hitBy(line, fault.kind);
  switch (fault.kind) {
    case "loss":
      return [{ ...hit, isDropped: true }];
    case "duplicate":
      return [hit, hit];
    case "corrupt": {
      const bytes = corrupted(line.bytes, one.spot, one.number);
      return [{ ...hit, bytes }];
    }
    case "reorder":
      one.held.set(connection, hit);
      return [];
  }
}

function hitBy(line: Passing, kind: LineFault["kind"]): Passing {
  return { ...line, by: [...line.by, kind] };
}

/** A line that was held goes out behind the one that has passed it. */
function passed(
  held: Map<Connection, Passing>,
  connection: Connection,
  line: Passing,
): Passing[] {
  const before = taken(held, connection);
  return before.length === 0 ? [line] : [hitBy(line, "reorder"), ...before];
}

/** The line that is held for a connection, and is held no longer. */
function taken(
  held: Map<Connection, Passing>,
  connection: Connection,
): Passing[] {
  const line = held.get(connection);
  held.delete(connection);
  return line === undefined ? [] : [line];
}

function delayed(parcels: readonly Parcel[], one: Active): Parcel[] {
  const delayMs = one.delays!.next();
  return parcels.map((parcel) => later(parcel, one.spot.id, delayMs));
}

function sliced(one: Active, parcel: Parcel): Parcel[] {
  const { fault } = one;
  const { bytes } = parcel;
  if (fault.kind !== "slicer") return [];
  const slices: Parcel[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + sliceBytes(fault, one.spot, ++one.number);
    slices.push({
      ...later(parcel, one.spot.id, slices.length * fault.delayMs),
      bytes: bytes.subarray(at, end),
      isApart: true,
    });
    at = end;
  }
  return slices;
}

/**
 * A narrow link is busy from when bytes come, not from when another fault lets
 * them go on: once that is healed, nothing is to wait for it.
 */
function narrowed(
  one: Active,
  parcel: Parcel,
  nowMs: number,
  connection: Connection,
): Parcel {
  const { fault } = one;
  if (fault.kind !== "bandwidth") return parcel;
  const takesMs = parcel.bytes.length * 1_000 / fault.bytesPerSecond;
  const freeMs = Math.max(one.freeMs.get(connection) ?? 0, nowMs) + takesMs;
  one.freeMs.set(connection, freeMs);
  return later(parcel, one.spot.id, freeMs - nowMs);
}
