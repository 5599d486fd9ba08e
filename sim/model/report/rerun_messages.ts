/**
 * The messages between a page and its worker for repeating a run.
 *
 * @module
 */
import type { PageData } from "./page_data.ts";
import type { Act, ActOutcome, Rerun } from "./rerun.ts";

/** A request to the worker. */
export type RerunQuestion =
  | {
    readonly ask: "run";
    readonly rerun: Rerun;
    readonly acts: readonly Act[];
  }
  | { readonly ask: "complete"; readonly rerun: Rerun; readonly text: string }
  | { readonly ask: "help" };

/** An answer of the worker; `id` is that of the request. */
export type RerunAnswer =
  | {
    readonly kind: "ran";
    readonly page: PageData;
    readonly outcomes: readonly ActOutcome[];
    /** Searches for towns that the run did not make, and so found none. */
    readonly unknownTowns: number;
  }
  /** A step has ended; `steps` is their number so far. */
  | { readonly kind: "step"; readonly steps: number; readonly atMs: number }
  | {
    readonly kind: "completed";
    /** Completions of a text. */
    readonly texts: readonly string[];
    /** What is wrong with it as a command, if anything. */
    readonly problem?: string;
  }
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "failed"; readonly why: string };
