/**
 * The command line of `deno task scenario`.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { PLANTED_BUGS, type PlantedBug } from "../../herd/core/node.ts";
import { isSeed, SEED_MAX } from "../model/random.ts";
import { suggest } from "../model/suggest.ts";
import { LOG_LEVELS, type LogLevelName, UsageError } from "./herd_options.ts";

/** What the command line asks for. */
export interface ScenarioArguments {
  /** The scenario's file, as it was given. */
  readonly file: string;
  /** What random choices follow from, if it was told. */
  readonly seed?: number;
  /** Another topology than the file's. */
  readonly topology?: string;
  /** The folder for the logs; none: no log is written. */
  readonly logDirectory?: string;
  /** The lowest level that is logged. */
  readonly logLevel: LogLevelName;
  /** How many seeds are run, until one fails; one run unless told. */
  readonly runs?: number;
  /** A bug that is planted, to see that the drill finds it. */
  readonly plantedBug?: PlantedBug;
  /** Whether a program reads the output. */
  readonly json: boolean;
  /** Whether only the summary is printed. */
  readonly quiet: boolean;
}

const STRINGS = [
  "seed",
  "topology",
  "log-dir",
  "log-level",
  "runs",
  "plant",
] as const;
const RUNS_MAX = 1_000_000;
const FLAGS = ["json", "quiet", "help", "log"] as const;

/** What `--help` prints. */
export const SCENARIO_HELP = `Usage: deno task scenario <file> [options]

Runs a failure drill: starts a herd, takes the steps of the file one after the
other, and says what was checked and what failed. The file is looked up in the
working folder, then among the drills in sim/scenarios/.

  --seed N            what random choices follow from, 0 to ${SEED_MAX}
                      (default: the file's, else a fresh one; it is printed)
  --topology NAME     another topology than the file's: 2012 to 2023, a YAML
                      file, or a generated one such as ring:8
  --runs N            run seed after seed, until one fails; its steps that were
                      drawn are then made as few as can be, and written to
                      minimal.yaml. Servers write no logs.
  --plant BUG         plant a bug in all servers, to see that the drill finds it:
                      ${PLANTED_BUGS.join(", ")}
  --log-dir FOLDER    where each server writes its log (default logs)
  --no-log            write no log
  --log-level LEVEL   ${LOG_LEVELS.join(", ")} (default INFO: every line
                      in and out)
  --json              print steps and result as JSON, one per line
  --quiet             print the summary alone
  --help              print this

Exit codes: 0 passed, 1 an expectation failed, 2 wrong file or usage, 3 internal
error, 130 interrupted. The language of the files: docs/scenarios.md.
`;

/**
 * What `args` ask for; `"help"` if that is it.
 *
 * @throws {UsageError} If they ask for what there is not.
 */
export function parseScenarioArguments(
  args: string[],
): ScenarioArguments | "help" {
  const options = parseArgs(args, {
    string: STRINGS,
    boolean: FLAGS,
    negatable: ["log"],
    default: { log: true, "log-dir": "logs", "log-level": "INFO" },
    unknown: (arg, name) => {
      if (name !== undefined) throw new UsageError(unknownOption(arg, name));
      return true;
    },
  });
  if (options.help) return "help";
  for (const name of STRINGS) {
    if (options[name] === "") throw new UsageError(`--${name} needs a value`);
  }
  const [file, ...more] = options._.map(String);
  if (file === undefined) throw new UsageError("no scenario file is named");
  if (more.length > 0) {
    throw new UsageError(`one scenario at a time, not ${more.length + 1}`);
  }
  const logLevel = LOG_LEVELS.find((level) => level === options["log-level"]);
  if (logLevel === undefined) {
    throw new UsageError(
      `--log-level: no "${options["log-level"]}", ` +
        `there is ${LOG_LEVELS.join(", ")}`,
    );
  }
  return {
    file,
    logLevel,
    json: options.json,
    quiet: options.quiet,
    ...options.log && { logDirectory: options["log-dir"] },
    ...options.topology !== undefined && { topology: options.topology },
    ...options.seed !== undefined && { seed: seedOf(options.seed) },
    ...options.runs !== undefined && { runs: runsOf(options.runs) },
    ...options.plant !== undefined && { plantedBug: bugOf(options.plant) },
  };
}

function seedOf(text: string): number {
  const seed = /^\d+$/.test(text) ? Number(text) : NaN;
  if (isSeed(seed)) return seed;
  throw new UsageError(
    `--seed: "${text}" is no whole number from 0 to ${SEED_MAX}`,
  );
}

function runsOf(text: string): number {
  const runs = /^\d+$/.test(text) ? Number(text) : 0;
  if (runs >= 1 && runs <= RUNS_MAX) return runs;
  throw new UsageError(
    `--runs: "${text}" is no whole number from 1 to ${RUNS_MAX}`,
  );
}

function bugOf(text: string): PlantedBug {
  const bug = PLANTED_BUGS.find((name) => name === text);
  if (bug !== undefined) return bug;
  throw new UsageError(
    `--plant: no "${text}", there is ${PLANTED_BUGS.join(", ")}`,
  );
}

function unknownOption(arg: string, name: string): string {
  const near = suggest(name, [...STRINGS, ...FLAGS, "no-log"]);
  const hint = near === undefined ? "see --help" : `did you mean --${near}?`;
  return `no option ${arg}, ${hint}`;
}
