/**
 * The command line of `deno task grade`.
 *
 * @module
 */
import { given } from "../../model/given.ts";
import { parseDurationMs } from "../../model/duration.ts";
import { jobsFor } from "../grade/class.ts";
import { TIMEOUT_MS } from "../grade/grade.ts";
import type { Defaults } from "../grade/submissions.ts";
import { ISOLATIONS } from "../../model/manifest.ts";
import { commandOf } from "./bring_options.ts";
import { readCommandLine } from "./command_line.ts";
import { integer, oneOf, UsageError } from "./usage_error.ts";

/** The text of `--help`. */
export const GRADE_HELP =
  `Usage: deno task grade <submission or folder of these>... [options]

Says what of a submission is right and what is not, and gives a mark. A
submission is a folder or an archive (zip, tgz). A folder that holds nothing but
such is a class: each of them is graded, three at a time for each processor, for
most of the time they wait.

  --bring COMMAND     what starts a server, such as "python3 server.py {name}",
                      where a submission's herd.yaml does not say it
  --topology NAME     its herd, where herd.yaml does not say it (default 2014)
  --isolate WAY       what stands between servers and the network, whatever a
                      herd.yaml says: ${
    ISOLATIONS.join(", ")
  } (default: shim for
                      Python and Node, else netns where it can be had, else
                      rewrite)
  --rubric FILE       what is checked, and what it is worth (default: the one
                      that ships, sim/live/grade/rubric.yaml)
  --ports FILE        the ports that each was assigned, as amy,12110-12114 in
                      lines; servers that listen elsewhere are noted
  --csv FILE          write a table: a row for each submission
  --report FOLDER     write a page with a row for each submission, a page for
                      each with the proof, and junit.xml; grades that are in it
                      of the same files and rubric are taken from there
  --json              print grades as JSON, one per line
  --jobs N            how many are graded at a time
  --timeout DURATION  what one may take at most (default 5m)
  --help              print this

Exit codes: 0 graded, whatever the marks; 2 wrong usage, or one submission alone
that nobody knows how to run; 3 internal error; 130 interrupted. What is
checked: docs/grading.md.
`;

const JOBS_MAX = 64;
const STRINGS = [
  "bring",
  "isolate",
  "topology",
  "rubric",
  "csv",
  "report",
  "ports",
  "jobs",
  "timeout",
] as const;

/** The arguments of a command line. */
export interface GradeArguments {
  /** Submissions, and folders of them. */
  readonly paths: readonly string[];
  /** The defaults for what a submission does not say. */
  readonly defaults: Omit<Defaults, "topology" | "ports">;
  /** The herd, where a submission does not say it: a year, or a file. */
  readonly topology?: string;
  /** The rubric's file; by default the one of this project. */
  readonly rubric?: string;
  /** The file with the ports that submissions were assigned. */
  readonly ports?: string;
  /** The file for the table of marks. */
  readonly csv?: string;
  /** The folder for pages and grades. */
  readonly report?: string;
  /** Whether grades are printed as JSON. */
  readonly isJson: boolean;
  /** How many are graded at a time. */
  readonly jobs: number;
  /** The time limit for one submission. */
  readonly timeoutMs: number;
}

/**
 * Parses a command line.
 *
 * @throws {UsageError} If it is invalid.
 */
export function parseGradeArguments(args: string[]): GradeArguments | "help" {
  const { options, words: paths } = readCommandLine(args, {
    string: STRINGS,
    boolean: ["json"],
    takesWords: true,
  });
  if (options.help) return "help";
  if (paths.length === 0) throw new UsageError("no submission is named");
  const { bring, isolate, topology, rubric } = options;
  const { ports, csv, report, json, jobs } = options;
  const command = bring === undefined ? undefined : commandOf(bring);
  const isolation = isolate === undefined
    ? undefined
    : oneOf("isolate", isolate, ISOLATIONS);
  return {
    paths,
    defaults: given({ command, isolation }),
    ...given({ topology, rubric, ports, csv, report }),
    isJson: json,
    jobs: jobs === undefined
      ? jobsFor(navigator.hardwareConcurrency)
      : integer("jobs", jobs, 1, JOBS_MAX),
    timeoutMs: timeoutOf(options.timeout),
  };
}

function timeoutOf(text: string | undefined): number {
  if (text === undefined) return TIMEOUT_MS;
  const ms = parseDurationMs(text);
  if (ms !== undefined && ms >= 1_000) return ms;
  throw new UsageError("--timeout is a duration of 1s or more, such as 90s");
}
