/**
 * What a run of the benchmarks came to, as `results.json` holds it.
 *
 * @module
 */

/** The version of the form of `results.json`; it goes up when a field changes. */
export const RESULTS_VERSION = 2;

export interface Machine {
  /** The processor, as the system names it. */
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly os: string;
  readonly deno: string;
  /** The commit that was measured, with `+` if files were changed since. */
  readonly commit?: string;
  /** Redis's version, where it is installed. */
  readonly redis?: string;
  /** The NATS server's version, where it is installed. */
  readonly nats?: string;
}

export interface Column {
  /** The field of the rows that it shows. */
  readonly key: string;
  /** What is written above it, with the unit. */
  readonly title: string;
  /** Digits behind the point of its numbers; 0 by default. */
  readonly digits?: number;
}

/** One line of a table. `null`: could not be measured. */
export type Row = Readonly<Record<string, string | number | null>>;

export interface Table {
  readonly title: string;
  /** What is shown of each row, from left to right. */
  readonly columns: readonly Column[];
  /** The figures; they may have fields that no column shows. */
  readonly rows: readonly Row[];
}

/** A field of the rows along an axis. */
export interface Axis {
  readonly key: string;
  /** What is written along it, with the unit. */
  readonly title: string;
  /** Linear by default. */
  readonly scale?: "linear" | "log";
}

export interface Plot {
  /** Its file's name without the extension, unique among all plots. */
  readonly name: string;
  readonly title: string;
  /** Lines through points over numbers, or bars over words. */
  readonly kind: "line" | "bar";
  readonly x: Axis;
  readonly y: Axis;
  /** The field that tells the lines, or the bars of a group, apart. */
  readonly series: string;
  /** The field of which each value gets a panel of its own. */
  readonly panels?: string;
  readonly rows: readonly Row[];
}

/** A figure that says much by itself, and mostly has a target. */
export interface Figure {
  readonly what: string;
  /** What came out; `null` if it could not be measured. */
  readonly measured: number | null;
  /** What is to be reached; `null` if that is not for this project to say. */
  readonly target: number | null;
  /** Whether the target is the least or the most that will do. */
  readonly bound: "at least" | "at most";
  /** The unit of both: "ms", "×"; empty for a count. */
  readonly unit: string;
  /** Digits behind the point. */
  readonly digits: number;
}

export interface Findings {
  /** How it was measured, a paragraph each. */
  readonly notes: readonly string[];
  readonly tables: readonly Table[];
  readonly plots: readonly Plot[];
  /** Those that say most. */
  readonly figures: readonly Figure[];
  /** What was left out, and how to have it. */
  readonly skipped: readonly string[];
}

export interface SectionResult extends Findings {
  /** The name it is chosen by. */
  readonly name: string;
  readonly title: string;
  readonly tookSeconds: number;
  /** Why it came to no end, if it did not. */
  readonly failure?: string;
}

export interface Results {
  /** See {@linkcode RESULTS_VERSION}. */
  readonly version: number;
  /** When it began, as ISO 8601. */
  readonly startedAt: string;
  readonly tookSeconds: number;
  /** Whether it was a smoke run, whose figures mean little. */
  readonly quick: boolean;
  readonly machine: Machine;
  readonly sections: readonly SectionResult[];
}
