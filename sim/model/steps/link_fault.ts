/**
 * What a kind of fault of links is: the fields by which it is written, its words
 * for people, and what it does to the bytes of a direction of a link.
 *
 * The names are those of Toxiproxy and tc-netem. A proxy between two programs
 * sees no packets: loss, duplicates, reordering and corruption are of lines of
 * the protocol, delays of chunks as they were read. Effects are pure: which
 * line is hit follows from the seed, the direction of the link, the fault and
 * the line's number, and from nothing else.
 *
 * Kinds name no module that reads files: the worker of the links loads them all,
 * and is to be there at once.
 *
 * @module
 */
import type * as z from "zod";
import { chance } from "../faults/chance.ts";
import type { Piece } from "../faults/line_stream.ts";
import type { Fields } from "./fields.ts";

/** Where an effect makes its choices: the same place makes the same ones. */
export interface Spot {
  readonly seed: number;
  /** The direction of a link, `Alford>Parker`. */
  readonly direction: string;
  readonly id: string;
}

/** A number from 0 up to 1 for one choice at a place. */
export function chanceAt(spot: Spot, what: string, number: number): number {
  return chance(spot.seed, spot.direction, spot.id, what, number);
}

/** Anything that stands for one connection: what is held is held for it. */
export type Connection = object;

/** Bytes that pass, and what faults had a part in it. */
export interface Passing extends Piece {
  readonly by: readonly string[];
  /** Whether they do not come out. */
  readonly isDropped: boolean;
}

/** Bytes to be sent, and when. */
export interface Parcel {
  readonly bytes: Uint8Array;
  readonly dueMs: number;
  /** Milliseconds of it that each fault has added, by its ID. */
  readonly addedMs: ReadonlyMap<string, number>;
  /** Whether they are a slice, to be sent apart from what is due with it. */
  readonly isApart?: true;
}

/** When something is due: all that is owed to each fault after its coming. */
export type Due = Pick<Parcel, "dueMs" | "addedMs">;

/** The same, later by a fault. */
export function later<T extends Due>(due: T, id: string, ms: number): T {
  const addedMs = new Map(due.addedMs);
  addedMs.set(id, (addedMs.get(id) ?? 0) + ms);
  return { ...due, dueMs: due.dueMs + ms, addedMs };
}

/**
 * What a fault does in one direction of a link while it stands. What it leaves
 * out it lets be.
 */
export interface LinkEffect {
  /** What becomes of a whole line. */
  line?(line: Passing, connection: Connection): Passing[];
  /** The lines that it keeps back, each for another to pass it. */
  readonly held?: Map<Connection, Passing>;
  /** When bytes are due that came at `nowMs`, and in which parts. */
  schedule?(
    parcels: readonly Parcel[],
    nowMs: number,
    connection: Connection,
  ): Parcel[];
  /** Milliseconds by which the end of a connection is late. */
  endMs?(): number;
  /** How many of so many bytes may pass before a connection is closed. */
  limit?(bytes: number, connection: Connection): number;
}

export interface Begin {
  readonly spot: Spot;
  /** Counts a line, chunk or connection that it has acted on. */
  readonly touch: () => void;
}

/** How a fault is given at the prompt, after the link. */
export interface Prompt {
  /** The words after the link, by the field that each tells: `±<time>`. */
  readonly words?: Readonly<Record<string, string>>;
  /** What fields are that no word tells, where not the file's default. */
  readonly untold?: Readonly<Record<string, string>>;
  /** What the command does, in a line. */
  readonly does: string;
  /** What else there is to know, line by line. */
  readonly more?: readonly string[];
  /** Some that can be typed as they are. */
  readonly examples?: readonly string[];
}

type Shape = Readonly<Record<string, z.ZodType>>;
type Names = Readonly<Record<string, string>>;

/**
 * A fault's settings: its fields under the names that plans give them.
 * @internal
 */
export type SettingsOf<S extends Shape, N extends Names> = [keyof S] extends
  [never] ? unknown : z.output<z.ZodObject<S>> extends infer O ? {
    readonly [F in keyof O as F extends keyof N ? N[F] : F]: O[F];
  }
: never;

/**
 * A kind of fault of links.
 * @internal
 */
export interface LinkFaultKind<
  K extends string,
  S extends Shape,
  N extends Names,
> {
  /** What it is called, in files and at the prompt. */
  readonly kind: K;
  /** What it does, as an editor shows it. */
  readonly does: string;
  /** Its own fields, beside those that all have. */
  readonly fields: (fields: Fields) => S;
  /** What plans call those fields that they call otherwise. */
  readonly names: N;
  /** What several fields must be together. */
  readonly rule?: {
    readonly holds: (settings: SettingsOf<S, N>) => boolean;
    readonly message: string;
  };
  readonly prompt: Prompt;
  /** How it is set, for people, behind its name: `of 100ms`. */
  readonly words: (settings: SettingsOf<S, N>) => string;
  /** How a nemesis sets it; without it, none brings it about. */
  readonly nemesis?: SettingsOf<S, N>;
  /** Whether a nemesis does so only where it is told to. */
  readonly isHarsh?: true;
  /**
   * Whether nothing passes on a connection: neither bytes nor ends, and who
   * dials gets no further. That is heard of both ends.
   *
   * @param connectedMs When the connection was dialled.
   * @param beganMs When the fault began.
   */
  readonly holds?: (connectedMs: number, beganMs: number) => boolean;
  /** Whether who dials is refused, and connections are reset as it begins. */
  readonly refuses?: (settings: SettingsOf<S, N>) => boolean;
  /** Milliseconds after which a connection that it holds is closed; 0: never. */
  readonly closesAfterMs?: (settings: SettingsOf<S, N>) => number;
  /** Whether it is of single lines, so that bytes must be cut into them. */
  readonly isOfLines?: true;
  /** What it does while it stands, if it does more than to hold. */
  readonly begin?: (settings: SettingsOf<S, N>, begin: Begin) => LinkEffect;
}

/**
 * A kind of fault of links, its types found from its fields.
 * @internal
 */
export function linkFault<
  const K extends string,
  S extends Shape,
  const N extends Names,
>(kind: LinkFaultKind<K, S, N>): LinkFaultKind<K, S, N> {
  return kind;
}

/**
 * A fault as plans have it: its kind, and its settings.
 * @internal
 */
export type FaultOf<L> = L extends
  LinkFaultKind<infer K, infer S extends Shape, infer N extends Names>
  ? { readonly kind: K } & SettingsOf<S, N>
  : never;
