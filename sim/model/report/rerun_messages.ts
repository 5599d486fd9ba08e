/**
 * What a page and its thread say to each other, where a run is run again.
 *
 * @module
 */
import type { PageData } from "./page_data.ts";
import type { Act, ActOutcome, Rerun } from "./rerun.ts";

/** What a thread of a page is asked. */
export type RerunQuestion =
  | {
    readonly ask: "run";
    readonly rerun: Rerun;
    readonly acts: readonly Act[];
  }
  | { readonly ask: "complete"; readonly rerun: Rerun; readonly text: string }
  | { readonly ask: "help" };

/** What it answers; `id` is that of the question. */
export type RerunAnswer =
  | {
    readonly kind: "ran";
    readonly page: PageData;
    readonly outcomes: readonly ActOutcome[];
  }
  /** A step has ended: so many by now. */
  | { readonly kind: "step"; readonly steps: number; readonly atMs: number }
  | {
    readonly kind: "completed";
    /** The ways to go on with a text. */
    readonly texts: readonly string[];
    /** What is wrong with it as a command, if anything is. */
    readonly problem?: string;
  }
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "failed"; readonly why: string };
