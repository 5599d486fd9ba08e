/**
 * The results of a benchmark run, as in `results.json`.
 *
 * @module
 */

/**
 * The version of the format of `results.json`; increment it when a field
 * changes.
 */
export const RESULTS_VERSION = 2;

export interface Machine {
  /** The processor, as the system names it. */
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly os: string;
  readonly deno: string;
  /** The measured commit, with `+` if files were changed since. */
  readonly commit?: string;
  /** Redis's version, if it is installed. */
  readonly redis?: string;
  /** The NATS server's version, if it is installed. */
  readonly nats?: string;
}

export interface Column {
  /** The field of the rows that it shows. */
  readonly key: string;
  /** Its heading, with the unit. */
  readonly title: string;
  /** Number of decimals; 0 by default. */
  readonly digits?: number;
}

/** One line of a table. `null`: could not be measured. */
export type Row = Readonly<Record<string, string | number | null>>;

export interface Table {
  readonly title: string;
  /** From left to right. */
  readonly columns: readonly Column[];
  /** The figures; they may have fields without a column. */
  readonly rows: readonly Row[];
}

/** A field of the rows along an axis. */
export interface Axis {
  readonly key: string;
  /** Its label, with the unit. */
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
  /** The field that distinguishes the lines, or the bars of a group. */
  readonly series: string;
  /** The field for each value of which there is a separate panel. */
  readonly panels?: string;
  readonly rows: readonly Row[];
}

/** A key figure, mostly with a target. */
export interface Figure {
  readonly what: string;
  /** The measured value; `null` if it could not be measured. */
  readonly measured: number | null;
  /** The target; `null` if it is not for this project to set. */
  readonly target: number | null;
  /** Whether the target is a minimum or a maximum. */
  readonly bound: "at least" | "at most";
  /** The unit of both: "ms", "×"; empty for a count. */
  readonly unit: string;
  /** Number of decimals. */
  readonly digits: number;
}

export interface Findings {
  /** How it was measured, one paragraph each. */
  readonly notes: readonly string[];
  readonly tables: readonly Table[];
  readonly plots: readonly Plot[];
  /** The key figures. */
  readonly figures: readonly Figure[];
  /** What was left out, and how to include it. */
  readonly skipped: readonly string[];
}

export interface SectionResult extends Findings {
  /** The name it is selected by. */
  readonly name: string;
  readonly title: string;
  readonly tookSeconds: number;
  /** Why it was aborted, if it was. */
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
