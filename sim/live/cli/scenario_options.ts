/**
 * The command line of `deno task scenario`.
 *
 * @module
 */
import { MODES } from "../../../herd/core/dissemination/dissemination.ts";
import { PLANTED_BUGS } from "../../../herd/core/planted_bug.ts";
import { given } from "../../model/given.ts";
import { SEED_MAX } from "../../model/random.ts";
import { REPLAYS } from "../drill/minimize.ts";
import {
  anyText,
  oneWordOf,
  readCommandLine,
  wholeNumber,
} from "./command_line.ts";
import { DURABLE_HELP, DURABLE_VALUES } from "./durable_option.ts";
import {
  HOSTS,
  HOSTS_FLAGS,
  HOSTS_HELP,
  HOSTS_VALUES,
  hostsOf,
} from "./hosts_options.ts";
import { WORLD_NAMES, type WorldName } from "../../model/world_name.ts";
import { BRING_HELP, BRING_VALUES, bringOf } from "./bring_options.ts";
import { LOG_LEVELS } from "./herd_options.ts";
import { portNumber } from "./host_port.ts";
import { LIMIT_HELP, LIMIT_OPTIONS, limitsOf } from "./limit_options.ts";
import { otlpUrl } from "./otlp_option.ts";
import { UsageError } from "./usage_error.ts";
import { wordList } from "./word_list.ts";

/**
 * The path for reports: a folder in which each gets its own, or exactly the
 * path.
 */
export type ReportPlace = { readonly under: string } | { readonly at: string };

/** The arguments of a command line. */
export type ScenarioArguments = Exclude<
  ReturnType<typeof parseScenarioArguments>,
  string
>;

const WORLDS = [...WORLD_NAMES, HOSTS, "both"] as const;
const RUNS_MAX = 1_000_000;
const JOBS_MAX = 64;
const REPLAYS_MAX = 1_000;
const VALUES = {
  seed: wholeNumber(0, SEED_MAX),
  runs: wholeNumber(1, RUNS_MAX),
  jobs: wholeNumber(1, JOBS_MAX),
  replays: wholeNumber(0, REPLAYS_MAX),
  plant: oneWordOf(PLANTED_BUGS),
  topology: anyText,
  mode: oneWordOf(MODES),
  "log-dir": anyText,
  "log-level": oneWordOf(LOG_LEVELS),
  report: anyText,
  "report-dir": anyText,
  "page-port": portNumber,
  otlp: otlpUrl,
  ...DURABLE_VALUES,
  ...BRING_VALUES,
  world: oneWordOf(WORLDS),
  ...HOSTS_VALUES,
};
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
export function parseScenarioArguments(args: string[]) {
  const { options, words: files } = readCommandLine(args, {
    string: ["set", ...LIMIT_OPTIONS],
    values: VALUES,
    boolean: FLAGS,
    collect: ["set", "limit"],
    negatable: ["log"],
    default: { log: true },
    takesWords: true,
  });
  if (options.help) return "help";
  if (options.list) return "list";
  assertRight(options, files);
  const bring = bringOf(options);
  return {
    /** The scenarios' files as given; `-` is the standard input. */
    files,
    /** Whether to run the drill, only check it, or print its plan. */
    action: options.validate
      ? "validate" as const
      : options["dry-run"]
      ? "dry-run" as const
      : "run" as const,
    /** Values for the file's parameters, instead of its own. */
    settings: settingsOf(options.set),
    /** Whether many runs in virtual time go on after a failure. */
    keepsGoing: options["keep-going"],
    logLevel: options["log-level"] ?? "INFO",
    /** Whether a program reads the output. */
    json: options.json,
    quiet: options.quiet,
    isLogging: options.log,
    /** Whether the command line says where to log, or what. */
    isLogAsked: (options["log-dir"] ?? options["log-level"]) !== undefined,
    ...given({
      runs: options.runs,
      /** The number of threads for many runs in virtual time. */
      jobs: options.jobs,
      /** How often the smallest plan of a seed in virtual time is run in threads. */
      replays: options.replays,
      /** The folder for logs; the default depends on the report. */
      logDirectory: options["log-dir"],
      /** Where reports go; without it none is written. */
      report: placeOf(options.report, options["report-dir"]),
      /** A topology instead of the file's. */
      topology: options.topology ?? bring?.manifest.topology,
      /** A mode of dissemination instead of the file's. */
      mode: options.mode,
      /** What an acknowledged fix outlasts, instead of the file's. */
      durable: options.durable,
      /** The worlds to run in, one after the other; by default the file's. */
      worlds: options.world && worldsOf(options.world),
      /** The seed of random choices, if it is given. */
      seed: options.seed,
      /** Limits that override the file's. */
      limits: limitsOf(options.limit, options["future-max"]),
      /** Servers that are brought instead of this project's. */
      bring,
      /** The collector that traces are sent to. */
      tracesUrl: options.otlp,
      /** The port of the live page, 0 for a free one; without it there is none. */
      pagePort: options.page ? options["page-port"] ?? 0 : undefined,
      /** A bug that is planted, to see that the drill finds it. */
      plantedBug: options.plant,
    }),
    ...hostsOf(options, options.world),
  };
}

/** @throws {UsageError} If options do not go together, or with the drills. */
function assertRight(
  options: Readonly<Record<string, unknown>>,
  files: readonly string[],
): void {
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
  if (!options.page && options["page-port"] !== undefined) {
    throw new UsageError("--page-port: there is no page without --page");
  }
}

function worldsOf(world: typeof WORLDS[number]): readonly WorldName[] {
  // These servers are processes too; where they run is given by other options.
  if (world === HOSTS) return ["processes"];
  return world === "both" ? ["threads", "virtual"] : [world];
}

function placeOf(
  under: string | undefined,
  at: string | undefined,
): ReportPlace | undefined {
  if (under !== undefined && at !== undefined) {
    throw new UsageError("--report or --report-dir, not both");
  }
  if (under !== undefined) return { under };
  return at === undefined ? at : { at: at.replace(/(?<=[^/])\/+$/, "") };
}

function settingsOf(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(texts.map((text) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name !== undefined && value !== undefined) return [name, value];
    throw new UsageError(`--set: "${text}" is not NAME=VALUE`);
  }));
}
