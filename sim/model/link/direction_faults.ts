/**
 * What active faults do to the bytes of one direction: which lines pass, and
 * when each chunk is due.
 *
 * @module
 */
import type { Piece } from "../faults/line_stream.ts";
import { taken } from "../steps/line_fault.ts";
import {
  type AnyLinkFault,
  type FaultSettings,
  linkFaultOf,
} from "../steps/link_faults.ts";
import {
  type Connection,
  type Due,
  later,
  type LinkEffect,
  type Parcel,
  type Passing,
} from "../steps/link_fault.ts";

/** An active fault, with what it has affected so far. */
interface Active {
  readonly id: string;
  readonly kind: AnyLinkFault;
  readonly fault: FaultSettings;
  readonly beganMs: number;
  readonly effect: LinkEffect;
  /** Lines, chunks or connections affected. */
  touched: number;
}

/** A fault that closes connections after holding them. */
export interface Closing {
  /** When it began, in milliseconds of the same clock as all times here. */
  readonly beganMs: number;
  /** How long it holds a connection, in milliseconds. */
  readonly afterMs: number;
  /** Counts a closed connection. */
  readonly touch: () => void;
}

const NOTHING_ADDED: ReadonlyMap<string, number> = new Map();

/** When something is due after a fault has ended: its delay is taken off. */
export function dueWithout<T extends Due>(due: T, id: string): T {
  const addedMs = new Map(due.addedMs);
  const offMs = addedMs.get(id) ?? 0;
  addedMs.delete(id);
  return { ...due, dueMs: due.dueMs - offMs, addedMs };
}

/** The active faults of one direction of a link, `Alford>Parker`. */
export class DirectionFaults {
  readonly #seed: number;
  readonly #direction: string;
  readonly #active = new Map<string, Active>();

  /**
   * @param seed Seed of the faults' random choices, together with the
   * direction.
   */
  constructor(seed: number, direction: string) {
    this.#seed = seed;
    this.#direction = direction;
  }

  get #all(): Active[] {
    return [...this.#active.values()];
  }

  /** Whether any fault affects single lines. */
  get anyOfLines(): boolean {
    return this.#all.some(({ kind }) => kind.isOfLines);
  }

  /** Whether a fault blocks a connection, given when it was dialled. */
  isHeld(connectedMs: number): boolean {
    return this.#all.some((one) => holds(one, connectedMs));
  }

  /** Whether a fault refuses connections. */
  get refuses(): boolean {
    return this.#all.some(refuses);
  }

  /** Counts a closed port: refused dials themselves can't be counted. */
  touchRefusing(): void {
    for (const one of this.#all) if (refuses(one)) one.touched++;
  }

  /** Counts something that a fault held back on a connection. */
  touchHolding(connectedMs: number): void {
    for (const one of this.#all) if (holds(one, connectedMs)) one.touched++;
  }

  /** The faults that close connections after a while. */
  get closing(): Closing[] {
    return this.#all.flatMap((one) => {
      const { kind, fault, beganMs } = one;
      const afterMs = kind.closesAfterMs?.(fault) ?? 0;
      return afterMs === 0
        ? []
        : [{ beganMs, afterMs, touch: () => void one.touched++ }];
    });
  }

  /** Begins a fault, replacing one with the same ID. */
  begin(id: string, fault: FaultSettings, beganMs: number): void {
    const kind = linkFaultOf(fault);
    const spot = { seed: this.#seed, direction: this.#direction, id };
    const touch = () => void one.touched++;
    const effect = kind.begin?.(fault, { spot, touch }) ?? {};
    const one: Active = { id, kind, fault, beganMs, effect, touched: 0 };
    this.#active.set(id, one);
  }

  /** Ends a fault; returns what it has affected, and the lines that it held. */
  end(id: string): {
    touched: number;
    held: ReadonlyMap<Connection, Passing>;
  } {
    const one = this.#active.get(id);
    this.#active.delete(id);
    return { touched: one?.touched ?? 0, held: one?.effect.held ?? new Map() };
  }

  /** How much a fault has affected so far. */
  touched(id: string): number {
    return this.#active.get(id)?.touched ?? 0;
  }

  /** The lines held for a connection that are released now. */
  releaseHeld(connection: Connection): Passing[] {
    return this.#all.flatMap(({ effect: { held } }) =>
      held === undefined ? [] : taken(held, connection)
    );
  }

  /**
   * Applies faults of lines to a piece, oldest fault first. Dropped lines are
   * included, in their place.
   */
  pass(piece: Piece, connection: Connection): Passing[] {
    const passing: Passing = { ...piece, by: [], isDropped: false };
    // No other line may come between the parts of a long one.
    if (!piece.isLine) return [...this.releaseHeld(connection), passing];
    let lines = [passing];
    for (const { effect } of this.#all) {
      if (effect.line === undefined) continue;
      lines = lines.flatMap((line) => effect.line!(line, connection));
    }
    return lines;
  }

  /** When bytes that arrive at `nowMs` are due, and in which parts. */
  schedule(
    bytes: Uint8Array,
    nowMs: number,
    connection: Connection,
  ): Parcel[] {
    let parcels: Parcel[] = [{ bytes, dueMs: nowMs, addedMs: NOTHING_ADDED }];
    for (const { effect } of this.#all) {
      parcels = effect.schedule?.(parcels, nowMs, connection) ?? parcels;
    }
    return parcels;
  }

  /** When the end of a connection that arrives at `nowMs` is due. */
  scheduleEnd(nowMs: number): Due {
    let due: Due = { dueMs: nowMs, addedMs: NOTHING_ADDED };
    for (const { id, effect } of this.#all) {
      if (effect.endMs !== undefined) due = later(due, id, effect.endMs());
    }
    return due;
  }

  /** Those of the bytes that may still pass, and whether they are the last. */
  limit(
    bytes: Uint8Array,
    connection: Connection,
  ): { bytes: Uint8Array; isLast: boolean } {
    let isLast = false;
    for (const { effect } of this.#all) {
      const left = effect.limit?.(bytes.length, connection) ?? Infinity;
      if (bytes.length < left) continue;
      bytes = bytes.subarray(0, left);
      isLast = true;
    }
    return { bytes, isLast };
  }
}

function refuses({ kind, fault }: Active): boolean {
  return kind.refuses?.(fault) ?? false;
}

function holds({ kind, beganMs }: Active, connectedMs: number): boolean {
  return kind.holds?.(connectedMs, beganMs) ?? false;
}
