/**
 * `deno task scenario`: runs drills; the exit code says whether they passed.
 *
 * @module
 */
import { visible } from "../../../herd/core/bytes/visible.ts";
import { count } from "../../model/count.ts";
import { isCheck } from "../../model/steps/kinds.ts";
import { NoSuchParameter } from "../../model/scenario/params.ts";
import { InvalidFile } from "../../model/problem.ts";
import { Unsupported } from "../../model/unsupported.ts";
import { NoSuchScenario, readScenario, scenarioList } from "../drill/files.ts";
import {
  dryRunText,
  freshSeed,
  Planner,
  WrongTopology,
} from "../drill/plan.ts";
import type { Drill } from "./drill_command.ts";
import { DrillRuns, type DrillsVerdict } from "./drill_runs.ts";
import { EXIT } from "./program.ts";
import {
  parseScenarioArguments,
  SCENARIO_HELP,
  type ScenarioArguments,
} from "./scenario_options.ts";
import { onSignals } from "./signals.ts";
import { usageOfBrought } from "./bring_options.ts";
import { UsageError } from "./usage_error.ts";
import { enterUserFolder } from "./user_folder.ts";
import { LeaseLost } from "../../worlds/hosts/hosts.ts";
import { NotStarted } from "../servers/ports.ts";

const CODES: Readonly<Record<DrillsVerdict, number>> = {
  passed: EXIT.fine,
  failed: EXIT.failed,
  unknown: 4,
  otherwise: 5,
};
const NO_SEARCH = "--jobs and --keep-going are for runs in virtual time";
const NO_PAGE = "--page: virtual time is over before it can be seen";

/**
 * Runs a command line; resolves to the exit code.
 *
 * @param signal Ends it at once.
 */
export async function scenario(
  args: string[],
  signal: AbortSignal,
): Promise<number> {
  let isBrought = false;
  let topology = "the drill's topology";
  try {
    const options = parseScenarioArguments(args);
    if (typeof options === "string") {
      console.log(options === "help" ? SCENARIO_HELP : scenarioList());
      return EXIT.fine;
    }
    isBrought = options.bring !== undefined;
    if (options.topology) topology = `topology ${options.topology}`;
    const fresh = freshSeed();
    const drills = await readAll(options, fresh);
    if (drills === undefined) return EXIT.usage;
    if (options.action === "run") {
      return CODES[await new DrillRuns(options, fresh, signal).run(drills)];
    }
    for (const drill of drills) show(drill, options);
    return EXIT.fine;
  } catch (cause) {
    if (signal.aborted) return EXIT.interrupted;
    const error = isBrought ? usageOfBrought(cause, topology) : cause;
    const told = usageText(error);
    if (told !== undefined) {
      console.error(visible(`error: ${told}`));
      console.error("the usage: deno task scenario --help");
      return EXIT.usage;
    }
    // The message says why; a stack in this program would not help.
    const text = error instanceof NotStarted || error instanceof LeaseLost
      ? `error: ${error.message}`
      : `internal error: ${Deno.inspect(error)}`;
    console.error(visible(text));
    return EXIT.internal;
  }
}

/**
 * The message for a user's error; `undefined` for any other error, which is a
 * bug.
 */
function usageText(error: unknown): string | undefined {
  if (error instanceof WrongTopology) return `--topology: ${error.message}`;
  const isUsage = error instanceof UsageError ||
    error instanceof NoSuchParameter || error instanceof NoSuchScenario ||
    error instanceof Unsupported;
  return isUsage ? error.message : undefined;
}

/** All drills; `undefined` if some are invalid, after printing all problems. */
async function readAll(
  options: ScenarioArguments,
  fresh: number,
): Promise<Drill[] | undefined> {
  const warn = (text: string) => console.error(text);
  const { worlds = [undefined] } = options;
  // A check without a run is the same in all worlds.
  const looked = options.action === "run" ? worlds : worlds.slice(0, 1);
  const isSearch = options.jobs !== undefined || options.keepsGoing;
  const isWatched = options.pagePort !== undefined;
  const drills: Drill[] = [];
  let isWrong = false;
  for (const name of options.files) {
    const file = await readScenario(name);
    try {
      for (const [at, world] of looked.entries()) {
        const told = at === 0 && { warn };
        const wanted = { ...options, ...told, ...world && { world } };
        const first = new Planner(file, wanted, fresh).plan();
        if (isSearch && first.scenario.world !== "virtual") {
          throw new UsageError(NO_SEARCH);
        }
        if (isWatched && first.scenario.world === "virtual") {
          throw new UsageError(NO_PAGE);
        }
        drills.push({ file, first, ...world && { world } });
      }
    } catch (error) {
      if (!(error instanceof InvalidFile)) throw error;
      console.error(error.message);
      isWrong = true;
    }
  }
  return isWrong ? undefined : drills;
}

/** Prints that a file is valid, or its plan. */
function show({ file, first }: Drill, options: ScenarioArguments): void {
  const { steps, checks = [] } = first.scenario;
  const checking = steps.filter(isCheck).length;
  const told = options.action === "validate"
    ? `${file.name}: right, ${count(steps.length - checking, "step")}, ` +
      count(checking + checks.length, "check")
    : dryRunText(first, options).trimEnd();
  console.log(visible(told));
}

if (import.meta.main) {
  enterUserFolder();
  const interrupted = new AbortController();
  onSignals(["SIGINT", "SIGTERM"], () => {
    // A second Ctrl-C does not wait for a stop in good order.
    if (interrupted.signal.aborted) Deno.exit(EXIT.interrupted);
    interrupted.abort(new Error("interrupted"));
  });
  Deno.exit(await scenario(Deno.args, interrupted.signal));
}
