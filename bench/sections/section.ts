/**
 * A section of the benchmarks: what it is called, and how it is run.
 *
 * @module
 */
import type { Findings } from "../report/results.ts";
import type { Processes } from "../run/processes.ts";

export interface Context {
  /** Whether a smoke run is wanted: everything once, and short. */
  readonly quick: boolean;
  readonly processes: Processes;
  readonly progress: (text: string) => void;
}

export interface Section {
  /** The name it is chosen by. */
  readonly name: string;
  readonly title: string;
  /** Seconds that it takes on two cores, about. */
  readonly seconds: number;
  run(context: Context): Promise<Findings>;
}
