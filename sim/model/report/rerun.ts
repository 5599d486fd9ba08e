/**
 * What a page needs to repeat a drill in virtual time, and the changes to make.
 *
 * @module
 */
import type { Durability } from "../../../herd/core/durability.ts";
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import type { Limits } from "../../../herd/core/limits.ts";
import type { PlantedBug } from "../../../herd/core/planted_bug.ts";

/** A run in virtual time that can be repeated. */
export interface Rerun {
  readonly drill: { readonly name: string; readonly text: string };
  /** The seed of its random choices. */
  readonly seed: number;
  /** Values of the file's parameters. */
  readonly settings: Readonly<Record<string, string>>;
  /** The topology's name, and the text of its file if there is one. */
  readonly topology: { readonly name: string; readonly text?: string };
  readonly mode?: DisseminationMode;
  readonly durable?: Durability;
  readonly limits?: Partial<Limits>;
  readonly plantedBug?: PlantedBug;
  /** What its places service found, by question. */
  readonly towns: Readonly<Record<string, readonly unknown[]>>;
}

/** Something to do at a certain time of a run. */
export interface Act {
  /** When, in milliseconds since the drill's start. */
  readonly atMs: number;
  /** A command of the prompt: `kill Powell`. */
  readonly command: string;
}

export interface ActOutcome extends Act {
  readonly ok: boolean;
  /** Its result, or why it was not possible. */
  readonly told: string;
}
