/**
 * `deno task grade`: what of a submission is right, what is not, and a mark.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { visible } from "../../../herd/core/bytes/visible.ts";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import { InvalidFile } from "../../model/problem.ts";
import { DEFAULT_RUBRIC, type Grade, grade } from "../grade/grade.ts";
import { type Defaults, submissionsIn } from "../grade/submissions.ts";
import { checkText, csvOf } from "../grade/texts.ts";
import { enterUserFolder } from "./user_folder.ts";
import { UsageError } from "./usage_error.ts";

const EXIT_FINE = 0;
const EXIT_USAGE = 2;
const EXIT_INTERNAL = 3;
const EXIT_INTERRUPTED = 130;

const HELP = `Usage: deno task grade <folder>... [options]

Says what of a submission is right and what is not, and gives a mark. Each check
runs on a fresh herd of it, in a copy of its folder. A folder that holds nothing
but folders is a class: each of them is graded.

  --bring COMMAND     what starts a server, such as "python3 server.py {name}",
                      where a submission's herd.yaml does not say it
  --topology NAME     its herd, where herd.yaml does not say it (default 2014)
  --csv FILE          write a table: a row for each submission
  --json              print grades as JSON, one per line
  --help              print this

Exit codes: 0 graded, whatever the marks; 2 wrong usage; 3 internal error; 130
interrupted. What is checked: docs/grading.md.
`;

const STRINGS = ["bring", "topology", "csv"] as const;

interface GradeArguments extends Defaults {
  readonly folders: readonly string[];
  readonly csv: string | undefined;
  readonly json: boolean;
}

function parseGradeArguments(args: string[]): GradeArguments | "help" {
  const options = parseArgs(args, {
    string: STRINGS,
    boolean: ["json", "help"],
    unknown: (arg, name) => {
      if (name !== undefined) {
        throw new UsageError(`no option ${arg}, see --help`);
      }
      return true;
    },
  });
  if (options.help) return "help";
  for (const name of STRINGS) {
    if (options[name] === "") throw new UsageError(`--${name} needs a value`);
  }
  const folders = options._.map(String);
  if (folders.length === 0) throw new UsageError("no folder is named");
  const { bring: command, topology, csv, json } = options;
  return {
    folders,
    csv,
    json,
    ...command !== undefined && { command },
    ...topology !== undefined && { topology },
  };
}

/** Writes a table, or just sees whether it can be. */
function writeCsv(path: string, grades?: readonly Grade[]): void {
  try {
    if (grades !== undefined) Deno.writeTextFileSync(path, csvOf(grades));
    else Deno.openSync(path, { append: true, create: true }).close();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new UsageError(`--csv: ${error.message}`, { cause: error });
  }
}

async function gradeAll(
  args: GradeArguments,
  signal: AbortSignal,
): Promise<void> {
  const { folders, csv, json, ...defaults } = args;
  const all = await Promise.all(
    folders.map((folder) => submissionsIn(folder, defaults)),
  );
  const grades: Grade[] = [];
  // That it can't be written is better known before the work than after it.
  if (csv !== undefined) writeCsv(csv);
  const show = (text: string) => console.log(visible(text));
  for (const submission of all.flat()) {
    if (!json) show(submission.name);
    const done = await grade(
      denoPlatform,
      submission,
      DEFAULT_RUBRIC,
      { onCheck: (check) => json || show(checkText(check)), signal },
    );
    grades.push(done);
    if (csv !== undefined) writeCsv(csv, grades);
    show(json ? JSON.stringify(done) : `mark: ${done.mark} of ${done.of}\n`);
  }
}

async function main(args: string[]): Promise<number> {
  const interrupt = new AbortController();
  Deno.addSignalListener("SIGINT", () => {
    // Whoever does not want to wait for the herd's end presses it again.
    if (interrupt.signal.aborted) Deno.exit(EXIT_INTERRUPTED);
    interrupt.abort(new Error("interrupted"));
  });
  try {
    const asked = parseGradeArguments(args);
    if (asked === "help") console.log(HELP.trimEnd());
    else await gradeAll(asked, interrupt.signal);
    return EXIT_FINE;
  } catch (error) {
    if (interrupt.signal.aborted) return EXIT_INTERRUPTED;
    const isTheirs = error instanceof UsageError ||
      error instanceof RangeError || error instanceof InvalidFile ||
      error instanceof Deno.errors.NotFound;
    console.error(visible(isTheirs ? error.message : Deno.inspect(error)));
    return isTheirs ? EXIT_USAGE : EXIT_INTERNAL;
  }
}

if (import.meta.main) {
  enterUserFolder();
  Deno.exit(await main(Deno.args));
}
