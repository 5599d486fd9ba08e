/**
 * A section of the benchmarks.
 *
 * @module
 */
import type { Findings } from "../report/results.ts";
import type { Processes } from "../run/processes.ts";

export interface Context {
  /** Whether to do a smoke run: everything once, and short. */
  readonly quick: boolean;
  readonly processes: Processes;
  readonly progress: (text: string) => void;
}

export interface Section {
  /** The name it is selected by. */
  readonly name: string;
  readonly title: string;
  /** Its approximate duration in seconds on two cores. */
  readonly seconds: number;
  run(context: Context): Promise<Partial<Findings>>;
}
