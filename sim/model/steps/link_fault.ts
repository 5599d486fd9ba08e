/**
 * The description of a fault of links: its fields in files, its words for
 * people, and its effect on the bytes of one direction of a link.
 *
 * The names are those of Toxiproxy and tc-netem. A proxy between two programs
 * sees no packets: loss, duplicates, reordering and corruption affect lines of
 * the protocol, and delays affect chunks as they were read. Effects are pure:
 * which line is affected depends only on the seed, the direction of the link,
 * the fault and the line's number.
 *
 * Kinds import no module that reads files: the worker of the links loads all of
 * them, and must start quickly.
 *
 * @module
 */
import type * as z from "zod";
import { chance } from "../faults/chance.ts";
import type { Piece } from "../faults/line_stream.ts";
import type { Fields } from "./fields.ts";
import type { CommandHelp, Names, Renamed } from "./kind.ts";

/** Identifies random choices: the same spot makes the same ones. */
export interface Spot {
  readonly seed: number;
  /** The direction of a link, `Alford>Parker`. */
  readonly direction: string;
  readonly id: string;
}

/** A random number from 0 up to 1 for one choice at a spot. */
export function chanceAt(spot: Spot, what: string, number: number): number {
  return chance(spot.seed, spot.direction, spot.id, what, number);
}

/** Identifies a connection, for which lines are held. */
export type Connection = object;

/** Bytes that pass, and the faults that altered them. */
export interface Passing extends Piece {
  readonly by: readonly string[];
  /** Whether they are dropped. */
  readonly isDropped: boolean;
}

/** Bytes to be sent, and when. */
export interface Parcel {
  readonly bytes: Uint8Array;
  readonly dueMs: number;
  /** Milliseconds of delay by each fault, by its ID. */
  readonly addedMs: ReadonlyMap<string, number>;
  /**
   * Whether they are a slice, to be sent separately from others due at the same
   * time.
   */
  readonly isApart?: true;
}

/** When something is due, and which faults delay it. */
export type Due = Pick<Parcel, "dueMs" | "addedMs">;

/** The same, delayed by a fault. */
export function later<T extends Due>(due: T, id: string, ms: number): T {
  const addedMs = new Map(due.addedMs);
  addedMs.set(id, (addedMs.get(id) ?? 0) + ms);
  return { ...due, dueMs: due.dueMs + ms, addedMs };
}

/**
 * The effect of an active fault on one direction of a link. Absent methods have
 * no effect.
 */
export interface LinkEffect {
  /** What happens to a whole line. */
  line?(line: Passing, connection: Connection): Passing[];
  /** Lines held until another has passed them. */
  readonly held?: Map<Connection, Passing>;
  /** When bytes that arrived at `nowMs` are due, and in which parts. */
  schedule?(
    parcels: readonly Parcel[],
    nowMs: number,
    connection: Connection,
  ): Parcel[];
  /** Milliseconds by which the end of a connection is delayed. */
  endMs?(): number;
  /** How many of these bytes may pass before a connection is closed. */
  limit?(bytes: number, connection: Connection): number;
}

export interface Begin {
  readonly spot: Spot;
  /** Counts a line, chunk or connection that it has affected. */
  readonly touch: () => void;
}

/** The syntax of a fault at the prompt, after the link. */
export interface Prompt
  extends Pick<CommandHelp, "does" | "more" | "examples"> {
  /** The words after the link, by the field that each sets: `±<time>`. */
  readonly words?: Readonly<Record<string, string>>;
  /** Defaults of fields that no word sets, if not the file's default. */
  readonly untold?: Readonly<Record<string, string>>;
}

type Shape = Readonly<Record<string, z.ZodType>>;
/** A fault's settings: its fields under the names that plans give them. */
export type SettingsOf<S extends Shape, N extends Names> = [keyof S] extends
  [never] ? unknown : Renamed<z.output<z.ZodObject<S>>, N>;

export interface LinkFaultKind<
  K extends string,
  S extends Shape,
  N extends Names,
> {
  /** What it is called, in files and at the prompt. */
  readonly kind: K;
  /** What it does, as an editor shows it. */
  readonly does: string;
  /** Its own fields, in addition to those of all faults. */
  readonly fields: (fields: Fields) => S;
  /** Names in plans of fields that have other names in files. */
  readonly names: N;
  /** A rule about several fields. */
  readonly rule?: {
    readonly holds: (settings: SettingsOf<S, N>) => boolean;
    readonly message: string;
  };
  readonly prompt: Prompt;
  /** Its settings in words, after its name: `of 100ms`. */
  readonly words: (settings: SettingsOf<S, N>) => string;
  /** The settings a nemesis uses; absent if none does. */
  readonly nemesis?: SettingsOf<S, N>;
  /** Whether a nemesis uses it only if asked to. */
  readonly isHarsh?: true;
  /**
   * Whether nothing passes on a connection: neither bytes nor ends, and dials
   * hang. Affects both directions.
   *
   * @param connectedMs When the connection was dialled.
   * @param beganMs When the fault began.
   */
  readonly holds?: (connectedMs: number, beganMs: number) => boolean;
  /** Whether dials are refused, and connections are reset when it begins. */
  readonly refuses?: (settings: SettingsOf<S, N>) => boolean;
  /** Milliseconds after which a held connection is closed; 0: never. */
  readonly closesAfterMs?: (settings: SettingsOf<S, N>) => number;
  /** Whether it only delays. */
  readonly slows?: true;
  /** Whether it affects single lines, so that bytes must be cut into lines. */
  readonly isOfLines?: true;
  /** Its effect while it is active, other than holding. */
  readonly begin?: (settings: SettingsOf<S, N>, begin: Begin) => LinkEffect;
}

/** A kind of fault of links, its types found from its fields. */
export function linkFault<
  const K extends string,
  S extends Shape,
  const N extends Names,
>(kind: LinkFaultKind<K, S, N>): LinkFaultKind<K, S, N> {
  return kind;
}

/** A fault as plans have it: its kind, and its settings. */
export type FaultOf<L> = L extends
  LinkFaultKind<infer K, infer S extends Shape, infer N extends Names>
  ? { readonly kind: K } & SettingsOf<S, N>
  : never;
