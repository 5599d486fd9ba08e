/**
 * `deno task scenario`: runs a drill, and says by its exit code whether it
 * passed.
 *
 * @module
 */
import { visible, visibleJson } from "../../../herd/core/bytes/visible.ts";
import { count } from "../../model/scenario/describe.ts";
import { NoSuchParameter } from "../../model/scenario/params.ts";
import { InvalidFile } from "../../model/problem.ts";
import { SEED_MAX } from "../../model/random.ts";
import {
  type DrillResult,
  type DrillVerdict,
  type Paint,
  resultJson,
  stepJson,
  stepLine,
  type StepResult,
  summary,
  verdictOf,
} from "../../model/report.ts";
import { UsageError } from "./usage_error.ts";
import { tellInterrupted, untilInterrupted } from "./interruption.ts";
import { type Plan, Reporter } from "./reporter.ts";
import { PLAN_FILE, sizeText, writeMinimal } from "../report/minimal_files.ts";
import { minimize } from "../drill/minimize.ts";
import { runScenario } from "../drill/runner.ts";
import {
  type Drawn,
  type DrawnPlan,
  foreseenText,
  planOf,
} from "./scenario_plan.ts";
import {
  readScenario,
  type ScenarioFile,
  scenarioList,
} from "./scenario_files.ts";
import {
  parseScenarioArguments,
  SCENARIO_HELP,
  type ScenarioArguments,
} from "./scenario_options.ts";
import type { HerdLog } from "../herd/start_options.ts";
import { ShrinkProgress } from "./shrink_progress.ts";
import { StepProgress } from "./step_progress.ts";
import { makeLogFolder } from "./folders.ts";
import { enterUserFolder } from "./user_folder.ts";

const PASSED = 0;
const FAILED = 1;
const WRONG_INPUT = 2;
const INTERNAL = 3;
const UNKNOWN = 4;
const INTERRUPTED = 130;
/** Signals that follow each other so soon are one Ctrl-C. */
const ASKED_ONCE_MS = 500;

const COLOURS = { good: 32, bad: 31, faint: 2 };

/** Does what the command line asks for; resolves to the exit code. */
async function main(args: string[], signal: AbortSignal): Promise<number> {
  try {
    const options = parseScenarioArguments(args);
    if (typeof options === "string") {
      console.log(options === "help" ? SCENARIO_HELP : scenarioList());
      return PASSED;
    }
    const file = readScenario(options.file);
    return options.action === "run"
      ? await runAll(file, options, signal)
      : show(file, options);
  } catch (error) {
    if (signal.aborted) return INTERRUPTED;
    if (error instanceof UsageError || error instanceof NoSuchParameter) {
      console.error(visible(`error: ${error.message}`));
      console.error("the usage: deno task scenario --help");
      return WRONG_INPUT;
    }
    if (error instanceof InvalidFile) {
      console.error(error.message);
      return WRONG_INPUT;
    }
    console.error(visible(`internal error: ${Deno.inspect(error)}`));
    return INTERNAL;
  }
}

/** Says that a file is right, or what its plan is, and runs nothing. */
function show(file: ScenarioFile, options: ScenarioArguments): number {
  const plan = planOf(file, options, freshSeed(), 0);
  const { scenario } = plan;
  if (options.action === "validate") {
    const steps = count(scenario.steps.length, "step");
    const checks = count(scenario.checks?.length ?? 0, "check");
    console.log(visible(`${file.name}: right, ${steps}, ${checks} at the end`));
  } else {
    console.log(visible(foreseenText(plan, options).trimEnd()));
  }
  return PASSED;
}

/** Runs a drill as often as is asked for, with one seed after the other. */
async function runAll(
  file: ScenarioFile,
  options: ScenarioArguments,
  signal: AbortSignal,
): Promise<number> {
  const fresh = freshSeed();
  const seeds: Record<DrillVerdict, number[]> = {
    failed: [],
    unknown: [],
    passed: [],
  };
  let runs = 1;
  for (let run = 0; run < runs; run++) {
    const plan = planOf(file, options, fresh, run);
    runs = options.runs ?? plan.scenario.repeat ?? 1;
    const { result, folder } = await drill(plan, options, signal);
    const verdict = verdictOf(result);
    seeds[verdict].push(plan.seed);
    const { drawn } = plan;
    if (verdict !== "failed" || drawn === undefined || runs === 1) continue;
    const failed = { ...plan, drawn, result, folder: folder ?? "." };
    await shrinkRun(failed, options, signal);
    break;
  }
  const { failed, unknown, passed } = seeds;
  if (runs > 1) {
    if (options.json) print({ event: "runs", runs, ...seeds });
    else console.log(`\n${runsText(seeds)}`);
  }
  if (failed.length > 0) return FAILED;
  return unknown.length > 0 || passed.length === 0 ? UNKNOWN : PASSED;
}

/** How many runs came out how, and the seeds of those that did not pass. */
function runsText(seeds: Record<DrillVerdict, readonly number[]>): string {
  const { failed, unknown, passed } = seeds;
  const told = (word: string, its: readonly number[]) =>
    its.length === 0 ? [] : [`${its.length} ${word} (seed ${its.join(", ")})`];
  const runs = count(failed.length + unknown.length + passed.length, "run");
  return [
    `${runs}: ${passed.length} passed`,
    ...told("failed", failed),
    ...told("unknown", unknown),
  ].join(", ");
}

function freshSeed(): number {
  return Math.floor(Math.random() * (SEED_MAX + 1));
}

async function drill(
  plan: Plan,
  options: ScenarioArguments,
  signal: AbortSignal,
): Promise<{ result: DrillResult; folder: string | undefined }> {
  const { scenario, topology, seed } = plan;
  const { json, quiet, plantedBug } = options;
  const paint = Deno.stdout.isTerminal() && !Deno.noColor ? colour : undefined;
  if (json) {
    const { name } = scenario;
    const facts = { topology: topology.name, mode: scenario.mode ?? "flood" };
    print({ event: "start", scenario: name, ...facts, seed });
  } else if (!quiet) {
    const herd = `${topology.servers.length} servers of ${topology.name}`;
    const mode = scenario.mode === undefined ? "" : `, mode ${scenario.mode}`;
    console.log(`${visible(scenario.name)}: ${herd}${mode}, seed ${seed}`);
  }
  using report = await reporterOf(options, plan);
  const log = report === undefined ? logOf(options) : report.log;
  const taken: StepResult[] = [];
  const isTerminal = Deno.stdout.isTerminal();
  // A line that goes again breaks no quiet; on a pipe it would stay.
  using progress = json || (quiet && !isTerminal)
    ? undefined
    : new StepProgress(isTerminal);
  const run = runScenario(scenario, topology, {
    seed,
    signal,
    ...log && { log },
    ...plantedBug && { plantedBug },
    ...progress && {
      onBegin: (step) => progress.begin(step),
      onFact: (fact) => progress.hear(fact),
    },
    onStep: (step) => {
      taken.push(step);
      progress?.end(step.step);
      if (json) print(stepJson(step));
      else if (!quiet) console.log(stepLine(step, paint));
    },
  });
  const result = await untilInterrupted(run, signal).catch((error) => {
    progress?.clear();
    if (signal.aborted) tellInterrupted(taken, options);
    throw error;
  });
  if (json) print(resultJson(result));
  else console.log(`${quiet ? "" : "\n"}${summary(result, paint)}`);
  const folder = await finished(report, result);
  if (folder !== undefined) {
    if (json) print({ event: "report", path: folder });
    else console.log(visible(`report: ${folder}/`));
  }
  return { result, folder };
}

/** The report's folder; what happened to it does not change the verdict. */
async function finished(
  report: Reporter | undefined,
  result: DrillResult,
): Promise<string | undefined> {
  try {
    return await report?.finish(result);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(visible(`no report: ${error.message}`));
    return undefined;
  }
}

/** A run that failed, and the folder for what is made of it. */
type FailedRun = DrawnPlan & {
  readonly drawn: Drawn;
  readonly result: DrillResult;
  readonly folder: string;
};

/** Makes the plan of a run that failed as small as it gets, and writes it down. */
async function shrinkRun(
  { folder, ...run }: FailedRun,
  { json, quiet, plantedBug }: ScenarioArguments,
  signal: AbortSignal,
): Promise<void> {
  const { scenario, topology, seed, drawn, result } = run;
  const { file } = scenario;
  if (json) print({ event: "shrinking", seed });
  else {
    // Quiet keeps standard output to the summary; it is no reason for silence.
    const tell = quiet ? console.error : console.log;
    tell(
      `making the plan of seed ${seed} smaller: it is run again and again, ` +
        "which may take minutes",
    );
  }
  using progress = new ShrinkProgress(!json && Deno.stdout.isTerminal());
  const minimal = await minimize({
    text: drawn.text,
    drawn: drawn.numbers,
    file: PLAN_FILE,
    topology,
    seed,
    result,
    signal,
    ...plantedBug && { plantedBug },
    onRun: () => progress.run(),
    onSmaller: (size) => {
      progress.smaller(size);
      if (json) print({ event: "smaller", ...size });
      else if (!quiet) console.log(`fails too: ${sizeText(size)}`);
    },
  });
  progress[Symbol.dispose]();
  const steps = scenario.steps.length;
  const files = await writeMinimal(minimal, { file, seed, steps }, folder);
  const { reproduced, size } = minimal;
  if (json) {
    print({
      event: "minimal",
      seed,
      ...size,
      reproduced,
      ...files,
    });
  } else {
    console.log(`\n${summary(minimal.result)}`);
    console.log(visible(
      `smallest plan: ${files.plan}, ${sizeText(size)}, ` +
        `failed ${reproduced.failed} of ${reproduced.runs} times`,
    ));
  }
}

/** Where the servers log when there is no report. */
function logOf(
  { isLogging, logDirectory = "logs", logLevel }: ScenarioArguments,
): HerdLog | undefined {
  if (!isLogging) return undefined;
  makeLogFolder(logDirectory);
  return { directory: logDirectory, level: logLevel };
}

/** The report that the command line asks for, if it does. */
async function reporterOf(
  options: ScenarioArguments,
  plan: Plan,
): Promise<Reporter | undefined> {
  const { reportDirectory, topology, isLogging, logLevel, logDirectory } =
    options;
  if (reportDirectory === undefined) return undefined;
  if (isLogging && logDirectory !== undefined) makeLogFolder(logDirectory);
  try {
    return await Reporter.open({
      plan,
      directory: reportDirectory,
      topologyName: topology ?? plan.scenario.topology,
      ...isLogging && { logLevel },
      ...logDirectory !== undefined && { logDirectory },
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new UsageError(`--report ${reportDirectory}: ${error.message}`);
  }
}

function print(event: Record<string, unknown>): void {
  console.log(visibleJson(event));
}

const colour: Paint = (text, tone) => `\x1b[${COLOURS[tone]}m${text}\x1b[0m`;

if (import.meta.main) {
  enterUserFolder();
  const interrupted = new AbortController();
  let askedMs = 0;
  const stop = () => {
    if (!interrupted.signal.aborted) {
      askedMs = performance.now();
      interrupted.abort(new Error("interrupted"));
    }
    // Who asks twice does not want to wait for a stop in good order. One Ctrl-C
    // comes twice: from the terminal, and passed on by the task that runs this.
    if (performance.now() - askedMs > ASKED_ONCE_MS) Deno.exit(INTERRUPTED);
  };
  Deno.addSignalListener("SIGINT", stop);
  Deno.addSignalListener("SIGTERM", stop);
  Deno.exit(await main(Deno.args, interrupted.signal));
}
