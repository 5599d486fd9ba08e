/**
 * `deno task grade`: says what of a submission is right and what is not, and
 * gives a mark.
 *
 * @module
 */
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import { given } from "../../model/given.ts";
import { InvalidFile } from "../../model/problem.ts";
import { gradeClass } from "../grade/class.ts";
import { readAssignedPorts } from "../grade/assigned_ports.ts";
import { distinct, findSubmissions } from "../grade/found.ts";
import { Kept } from "../grade/kept.ts";
import { readRubric, shippedRubric } from "../grade/rubric.ts";
import {
  assertGradable,
  assertUsable,
  type Defaults,
} from "../grade/submissions.ts";
import { whyNoNamespace } from "../../worlds/processes/isolation.ts";
import {
  GRADE_HELP,
  type GradeArguments,
  parseGradeArguments,
} from "./grade_options.ts";
import { GradeOutput } from "./grade_output.ts";
import { statOf } from "../../worlds/if_there.ts";
import { optionText } from "./option_file.ts";
import { EXIT, programOf } from "./program.ts";
import { onSignals } from "./signals.ts";
import { topologyOf } from "./topology_option.ts";
import { runProgram } from "./user_folder.ts";
import { UsageError, usageOf } from "./usage_error.ts";

/** Errors of who asks, not of this program. */
const THEIRS = [
  RangeError,
  InvalidFile,
  Deno.errors.NotFound,
  Deno.errors.PermissionDenied,
];

async function gradeAll(
  args: GradeArguments,
  signal: AbortSignal,
): Promise<void> {
  const { report } = args;
  const topology = args.topology === undefined
    ? undefined
    : topologyOf(args.topology);
  if (topology !== undefined) assertGradable(topology);
  const ports = args.ports === undefined
    ? undefined
    : readAssignedPorts(optionText("ports", args.ports), args.ports);
  const defaults = { ...args.defaults, ...given({ topology, ports }) };
  const rubric = args.rubric === undefined
    ? shippedRubric()
    : readRubric(optionText("rubric", args.rubric), args.rubric);
  const { command } = defaults;
  const all = await Promise.all(
    args.paths.map((path) => findSubmissions(path, command)),
  );
  const found = distinct(all.flat());
  assertApart(report, [...args.paths, ...found.map(({ path }) => path)]);
  const [only] = found;
  if (found.length === 1) await assertUsable(only!, defaults);
  await assertCanBe(defaults);
  const output = new GradeOutput(args, found.length);
  try {
    await gradeClass(denoPlatform, found, {
      rubric,
      defaults,
      jobs: args.jobs,
      timeoutMs: args.timeoutMs,
      ...report !== undefined && {
        kept: new Kept(denoPlatform, report, rubric, defaults, args.timeoutMs),
      },
      signal,
      onBegin: (name) => output.begin(name),
      onCheck: (name, check) => output.check(name, check),
      onGrade: (grade, isKept) =>
        output.grade(
          found.findIndex(({ name }) => name === grade.submission),
          grade,
          isKept,
        ),
    });
  } finally {
    output.end();
  }
}

/** What is written into what is graded would be taken for part of it. */
function assertApart(
  report: string | undefined,
  graded: readonly string[],
): void {
  if (report === undefined || !statOf(report)?.isDirectory) return;
  const paths = graded.map((path) => Deno.realPathSync(path));
  if (!paths.includes(Deno.realPathSync(report))) return;
  throw new UsageError(
    `--report: ${report} is what is graded; name a folder of its own`,
  );
}

/** If the machine can't isolate servers, that is not the submission's fault. */
async function assertCanBe({ isolation }: Defaults): Promise<void> {
  const why = isolation === "netns" ? await whyNoNamespace() : undefined;
  if (why !== undefined) {
    throw new UsageError(`--isolate netns: no network namespace: ${why}`);
  }
}

/** Runs a command line; resolves to the exit code. */
export async function main(args: string[]): Promise<number> {
  const interrupt = new AbortController();
  using _signals = onSignals(["SIGINT"], () => {
    // A second Ctrl-C does not wait for the herd to stop.
    if (interrupt.signal.aborted) Deno.exit(EXIT.interrupted);
    interrupt.abort(new Error("interrupted"));
  });
  const program = programOf(GRADE_HELP, parseGradeArguments, async (asked) => {
    try {
      await gradeAll(asked, interrupt.signal);
    } catch (error) {
      if (interrupt.signal.aborted) return EXIT.interrupted;
      throw usageOf(error, "", THEIRS);
    }
  });
  return await program(args);
}

if (import.meta.main) await runProgram(main);
