/**
 * A section of the benchmarks: what it is called, and how it is run.
 *
 * @module
 */
import type { Findings } from "../report/results.ts";
import type { Processes } from "../run/processes.ts";

/** What a section runs in. */
export interface Context {
  /** Whether a smoke run is wanted: everything once, and short. */
  readonly quick: boolean;
  /** Starts processes. */
  readonly processes: Processes;
  /** Tells what is under way. */
  readonly progress: (text: string) => void;
}

/** A section. */
export interface Section {
  /** The name it is chosen by. */
  readonly name: string;
  /** What it is about. */
  readonly title: string;
  /** Seconds that it takes on two cores, about. */
  readonly seconds: number;
  /** Measures. */
  run(context: Context): Promise<Findings>;
}
