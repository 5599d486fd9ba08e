/**
 * The command line of `deno task grade`.
 *
 * @module
 */
import { given } from "../../model/given.ts";
import { parseDurationMs } from "../../model/duration.ts";
import { jobsFor } from "../grade/class.ts";
import { TIMEOUT_MS } from "../grade/grade.ts";
import { ISOLATIONS } from "../../model/manifest.ts";
import { commandOf } from "./bring_options.ts";
import {
  anyText,
  oneWordOf,
  readCommandLine,
  wholeNumber,
} from "./command_line.ts";
import { UsageError } from "./usage_error.ts";

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
const VALUES = {
  bring: commandOf,
  isolate: oneWordOf(ISOLATIONS),
  topology: anyText,
  rubric: anyText,
  csv: anyText,
  report: anyText,
  ports: anyText,
  jobs: wholeNumber(1, JOBS_MAX),
  timeout: timeoutOf,
};

/** The arguments of a command line. */
export type GradeArguments = Exclude<
  ReturnType<typeof parseGradeArguments>,
  "help"
>;

/**
 * Parses a command line.
 *
 * @throws {UsageError} If it is invalid.
 */
export function parseGradeArguments(args: string[]) {
  const { options, words: paths } = readCommandLine(args, {
    values: VALUES,
    boolean: ["json"],
    takesWords: true,
  });
  if (options.help) return "help";
  if (paths.length === 0) throw new UsageError("no submission is named");
  const { bring: command, isolate: isolation, topology, rubric } = options;
  const { ports, csv, report, json: isJson, timeout = TIMEOUT_MS } = options;
  const { jobs = jobsFor(navigator.hardwareConcurrency) } = options;
  return {
    /** Submissions, and folders of them. */
    paths,
    /** The defaults for what a submission does not say. */
    defaults: given({ command, isolation }),
    ...given({ topology, rubric, ports, csv, report }),
    isJson,
    jobs,
    timeoutMs: timeout,
  };
}

function timeoutOf(option: string, text: string): number {
  const ms = parseDurationMs(text);
  if (ms !== undefined && ms >= 1_000) return ms;
  throw new UsageError(`--${option} is a duration of 1s or more, such as 90s`);
}
