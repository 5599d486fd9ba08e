/**
 * What a page needs to run a drill in virtual time again, and what is to happen
 * otherwise then.
 *
 * @module
 */
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import type { Limits } from "../../../herd/core/limits.ts";
import type { PlantedBug } from "../../../herd/core/planted_bug.ts";

/** A run in virtual time, as it can be run again. */
export interface Rerun {
  /** The drill's file. */
  readonly drill: { readonly name: string; readonly text: string };
  /** What its random choices followed from. */
  readonly seed: number;
  /** Values of the file's parameters. */
  readonly settings: Readonly<Record<string, string>>;
  /** The topology's name, and what its file says where it has one. */
  readonly topology: { readonly name: string; readonly text?: string };
  readonly mode?: DisseminationMode;
  readonly limits?: Partial<Limits>;
  readonly plantedBug?: PlantedBug;
  /** What the places service found, as it was asked. */
  readonly towns: Readonly<Record<string, readonly unknown[]>>;
}

/** Something that is done at a moment of a run. */
export interface Act {
  /** When, in milliseconds since the drill's start. */
  readonly atMs: number;
  /** What, in the words of the prompt: `kill Powell`. */
  readonly command: string;
}

/** How it came out. */
export interface ActOutcome extends Act {
  readonly ok: boolean;
  /** What it gave, or why it could not be done. */
  readonly told: string;
}
