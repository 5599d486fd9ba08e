/**
 * The command line of `deno task scenario`.
 *
 * @module
 */
import {
  type DisseminationMode,
  MODES,
} from "../../../herd/core/dissemination/dissemination.ts";
import type { Limits } from "../../../herd/core/limits.ts";
import {
  PLANTED_BUGS,
  type PlantedBug,
} from "../../../herd/core/planted_bug.ts";
import { SEED_MAX } from "../../model/random.ts";
import type { Durability } from "../../../herd/core/durability.ts";
import { REPLAYS } from "../drill/minimize.ts";
import { readCommandLine } from "./command_line.ts";
import { DURABLE_HELP, durableOf } from "./durable_option.ts";
import {
  HOSTS,
  HOSTS_FLAGS,
  HOSTS_HELP,
  HOSTS_OPTIONS,
  type HostsArguments,
  hostsOf,
} from "./hosts_options.ts";
import { WORLD_NAMES, type WorldName } from "../../model/world_name.ts";
import {
  BRING_HELP,
  BRING_OPTIONS,
  type BringArguments,
  bringOf,
} from "./bring_options.ts";
import { LOG_LEVELS, type LogLevelName, pagePortOf } from "./herd_options.ts";
import { LIMIT_HELP, LIMIT_OPTIONS, limitsOf } from "./limit_options.ts";
import { otlpUrlOf } from "./otlp_option.ts";
import { integer, oneOf, UsageError } from "./usage_error.ts";
import { wordList } from "./word_list.ts";

/**
 * The path for reports: a folder in which each gets its own, or exactly the
 * path.
 */
export type ReportPlace = { readonly under: string } | { readonly at: string };

export interface ScenarioArguments {
  /** Whether to run the drill, only check it, or print its plan. */
  readonly action: "run" | "validate" | "dry-run";
  /** Values for the file's parameters, instead of its own. */
  readonly settings: Readonly<Record<string, string>>;
  readonly runs?: number;
  /** The number of threads for many runs in virtual time. */
  readonly jobs?: number;
  /** Whether many runs in virtual time go on after a failure. */
  readonly keepsGoing: boolean;
  /**
   * How often the smallest plan of a seed in virtual time is run in threads.
   */
  readonly replays?: number;
  /** The scenarios' files as given; `-` is the standard input. */
  readonly files: readonly string[];
  /** The seed of random choices, if it is given. */
  readonly seed?: number;
  /** A topology instead of the file's. */
  readonly topology?: string;
  /** Servers that are brought instead of this project's. */
  readonly bring?: BringArguments;
  /** A mode of dissemination instead of the file's. */
  readonly mode?: DisseminationMode;
  /** What an acknowledged fix outlasts, instead of the file's. */
  readonly durable?: Durability;
  /** The worlds to run in, one after the other; by default the file's. */
  readonly worlds?: readonly WorldName[];
  /** The hosts that servers run on, if they are given. */
  readonly hosts?: HostsArguments;
  /** Limits that override the file's. */
  readonly limits?: Partial<Limits>;
  /** The folder for logs; the default depends on the report. */
  readonly logDirectory?: string;
  readonly isLogging: boolean;
  /** Whether the command line says where to log, or what. */
  readonly isLogAsked: boolean;
  /** Where reports go; without it none is written. */
  readonly report?: ReportPlace;
  readonly logLevel: LogLevelName;
  /** A bug that is planted, to see that the drill finds it. */
  readonly plantedBug?: PlantedBug;
  /** Whether a program reads the output. */
  /**
   * The port of the live page, 0 for a free one; without it there is no page.
   */
  readonly pagePort?: number;
  /** The collector that traces are sent to. */
  readonly tracesUrl?: URL;
  readonly json: boolean;
  readonly quiet: boolean;
}

const STRINGS = [
  "seed",
  "runs",
  "jobs",
  "replays",
  "plant",
  "set",
  "topology",
  "mode",
  "durable",
  "log-dir",
  "log-level",
  "report",
  "report-dir",
  ...BRING_OPTIONS,
  ...HOSTS_OPTIONS,
  "page-port",
  "otlp",
  ...LIMIT_OPTIONS,
] as const;
const FLAGS = [
  "keep-going",
  "validate",
  "dry-run",
  "list",
  "json",
  "quiet",
  "log",
  "page",
  ...HOSTS_FLAGS,
] as const;
const RUNS_MAX = 1_000_000;
const JOBS_MAX = 64;
const REPLAYS_MAX = 1_000;

export const SCENARIO_HELP = `Usage: deno task scenario <file>... [options]

Runs a failure drill: starts a herd, takes the steps of the file one after the
other, and says what was checked and what failed. The file is looked up in the
working folder, then among the drills in sim/scenarios/; .yaml at its end may
be left out; - is the standard input. Several files are run one after the other.

  --seed N            what random choices follow from, 0 to ${SEED_MAX}
                      (default: the file's, else a fresh one; it is printed)
  --set NAME=VALUE    the value of one of the file's params; may be repeated
  --runs N            how often it is run, each time with the next seed
                      (default: the file's repeat, else once). Of the first run
                      with random steps that fails, these are made as few as can
                      be, and written to minimal.yaml, or minimal-2.yaml and so
                      on: into the run's report, else here; no further run
                      follows. In virtual time runs are counted, not shown, and
                      the first that fails is run again in full, and made
                      smaller
  --jobs N            in virtual time: threads that share the runs (default 1);
                      with --report only failures that are shown have a report
  --keep-going        in virtual time: go on when a run has failed, and show the
                      first that failed by each check, as above
  --replays N         how often the smallest plan of a run in virtual time is
                      run in threads too (default ${REPLAYS}; 0: not at all)
  --topology NAME     another topology than the file's: 2012 to 2023, a YAML
                      file, or a generated one such as ring:8
${BRING_HELP}
  --mode MODE         how updates get from server to server:
                      ${MODES.join(", ")} (default: the file's, else the
                      topology's, else flood)
${DURABLE_HELP}
  --world WORLD       what runs this project's servers: threads of one process;
                      processes, one for each; hosts, such on several hosts;
                      virtual time, in which a seed gives the same run, to the
                      byte; or both threads and virtual time (default: the
                      file's, else threads)
${HOSTS_HELP}
  --secret-file FILE  a file with the agents' secret, 64 hex digits or more;
                      else it is taken from HERD_SECRET
${LIMIT_HELP}
  --plant BUG         plant a bug in all servers, to see the drill find it:
                      ${wordList(PLANTED_BUGS)}
  --report FOLDER     write a report, with a page to look at, into a folder of
                      its own: FOLDER/runs/<name>/<time>-seed<n>/
  --report-dir DIR    write it exactly there, in place of an earlier one; of
                      several runs: DIR/<name>-seed<n>/ each, and one junit.xml
  --log-dir FOLDER    where each server writes its log (default logs; with
                      --report only there, all servers in one file; in virtual
                      time without either, only a run that did not pass is run
                      again with a log)
  --no-log            write no log
  --log-level LEVEL   ${LOG_LEVELS.join(", ")} (default INFO: every line
                      in and out)
  --validate          only say whether the file is right
  --dry-run           only print the plan, with the targets that follow from the
                      seed, as a file that can be run again
  --list              only list the drills that ship
  --page              serve a page to watch the herd in a browser, as long as
                      the drill runs, and print its address
  --page-port PORT    its port, on this machine only (default: a free one)
  --otlp URL          send the ways of all updates, as spans of OpenTelemetry,
                      to a collector such as Jaeger: http://127.0.0.1:4318
  --json              print steps and result as JSON, one per line
  --quiet             print the summary alone; on a terminal, a line that goes
                      again shows what is under way
  --help              print this

Exit codes: 0 passed, 1 an expectation failed, 2 wrong file or usage, 3 internal
error, or a host was lost, 4 unknown (nothing was checked, or a check found
nothing to compare), 5 with --world both: a check failed in one world alone, 130
interrupted. The language of the files: docs/scenarios.md.
`;

/**
 * Parses a command line; `"help"` or `"list"` if it asks for these.
 *
 * @throws {UsageError} If it is invalid.
 */
export function parseScenarioArguments(
  args: string[],
): ScenarioArguments | "help" | "list" {
  const { options, words: files } = readCommandLine(args, {
    string: STRINGS,
    boolean: FLAGS,
    collect: ["set", "limit"],
    negatable: ["log"],
    default: { log: true },
    takesWords: true,
  });
  if (options.help) return "help";
  if (options.list) return "list";
  if (options.validate && options["dry-run"]) {
    throw new UsageError("--validate or --dry-run, not both");
  }
  if (files.length === 0) throw new UsageError("no scenario file is named");
  const twice = files.find((file, at) => files.indexOf(file) < at);
  if (twice !== undefined) {
    throw new UsageError(`${twice} is named twice; --runs runs a drill again`);
  }
  if (options["dry-run"] && files.length > 1) {
    throw new UsageError("--dry-run prints the plan of one drill");
  }
  const limits = limitsOf(options.limit, options["future-max"]);
  const bring = bringOf(options);
  const topology = options.topology ?? bring?.manifest.topology;
  return {
    files,
    action: options.validate
      ? "validate"
      : options["dry-run"]
      ? "dry-run"
      : "run",
    settings: settingsOf(options.set),
    ...options.runs !== undefined &&
      { runs: integer("runs", options.runs, 1, RUNS_MAX) },
    ...options.jobs !== undefined &&
      { jobs: integer("jobs", options.jobs, 1, JOBS_MAX) },
    keepsGoing: options["keep-going"],
    ...options.replays !== undefined &&
      { replays: integer("replays", options.replays, 0, REPLAYS_MAX) },
    logLevel: oneOf("log-level", options["log-level"] ?? "INFO", LOG_LEVELS),
    json: options.json,
    quiet: options.quiet,
    isLogging: options.log,
    isLogAsked: (options["log-dir"] ?? options["log-level"]) !== undefined,
    ...options["log-dir"] !== undefined && { logDirectory: options["log-dir"] },
    ...placeOf(options.report, options["report-dir"]),
    ...topology !== undefined && { topology },
    ...options.mode !== undefined &&
      { mode: oneOf("mode", options.mode, MODES) },
    ...durableOf(options.durable),
    ...options.world !== undefined && { worlds: worldsOf(options.world) },
    ...hostsOf(options, options.world),
    ...options.seed !== undefined &&
      { seed: integer("seed", options.seed, 0, SEED_MAX) },
    ...limits !== undefined && { limits },
    ...bring !== undefined && { bring },
    ...watchOf(options),
    ...options.plant !== undefined &&
      { plantedBug: oneOf("plant", options.plant, PLANTED_BUGS) },
  };
}

function worldsOf(name: string): readonly WorldName[] {
  const world = oneOf("world", name, [...WORLD_NAMES, HOSTS, "both"]);
  // These servers are processes too; where they run is given by other options.
  if (world === HOSTS) return ["processes"];
  return world === "both" ? ["threads", "virtual"] : [world];
}

/** The page of the drill's herd, and the collector of its traces. */
function watchOf(
  options: {
    readonly page: boolean;
    readonly "page-port"?: string | undefined;
    readonly otlp?: string | undefined;
  },
): Pick<ScenarioArguments, "tracesUrl" | "pagePort"> {
  const { page, "page-port": port, otlp } = options;
  return {
    ...otlp !== undefined && { tracesUrl: otlpUrlOf(otlp) },
    ...pageOf(page, port),
  };
}

function pageOf(
  isWanted: boolean,
  port: string | undefined,
): { readonly pagePort?: number } {
  if (isWanted) return { pagePort: pagePortOf(port) };
  if (port === undefined) return {};
  throw new UsageError("--page-port: there is no page without --page");
}

function placeOf(
  under: string | undefined,
  at: string | undefined,
): { readonly report?: ReportPlace } {
  if (under !== undefined && at !== undefined) {
    throw new UsageError("--report or --report-dir, not both");
  }
  if (under !== undefined) return { report: { under } };
  if (at === undefined) return {};
  return { report: { at: at.replace(/(?<=[^/])\/+$/, "") } };
}

function settingsOf(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(texts.map((text) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name !== undefined && value !== undefined) return [name, value];
    throw new UsageError(`--set: "${text}" is not NAME=VALUE`);
  }));
}
