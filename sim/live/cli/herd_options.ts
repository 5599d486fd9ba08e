/**
 * The command line of `deno task herd`.
 *
 * @module
 */
import { MODES } from "../../../herd/core/dissemination/dissemination.ts";
import {
  DURATION_FORMS,
  DURATION_MS_MAX,
  parseDurationMs,
} from "../../model/duration.ts";
import { given } from "../../model/given.ts";
import {
  type Backoff,
  DEFAULT_BACKOFF,
  DEFAULT_INTENSITY,
  RESTART_POLICIES,
  RESTARTS_MAX,
} from "../../model/restart.ts";
import {
  anyText,
  oneWordOf,
  readCommandLine,
  wholeNumber,
} from "./command_line.ts";
import { DURABLE_HELP, DURABLE_VALUES } from "./durable_option.ts";
import { BRING_HELP, BRING_VALUES, bringOf } from "./bring_options.ts";
import {
  HOSTS,
  HOSTS_FLAGS,
  HOSTS_HELP,
  HOSTS_VALUES,
  hostsOf,
} from "./hosts_options.ts";
import { WORLD_NAMES } from "../../model/world_name.ts";
import { portNumber } from "./host_port.ts";
import { HUB_HELP, HUB_OPTIONS, hubToldOf } from "./hub_options.ts";
import { LIMIT_HELP, LIMIT_OPTIONS, limitsOf } from "./limit_options.ts";
import { placesUrl } from "./places_option.ts";
import { WAYS_HELP, waysOf } from "./ways_option.ts";
import { UsageError } from "./usage_error.ts";

/**
 * A herd in virtual time can't be watched or controlled: it is over at once.
 */
const LIVE_WORLDS = WORLD_NAMES.filter((name) => name !== "virtual");
const WORLDS = [...LIVE_WORLDS, HOSTS] as const;

/** The arguments of a command line. */
export type HerdArguments = Exclude<
  ReturnType<typeof parseHerdArguments>,
  "help"
>;

/** The levels of `--log-level`; from `INFO` down each line is logged. */
export const LOG_LEVELS = ["DEBUG", "INFO", "WARN", "ERROR"] as const;

const VALUES = {
  topology: anyText,
  mode: oneWordOf(MODES),
  "port-base": portNumber,
  ways: anyText,
  "data-dir": anyText,
  "log-level": oneWordOf(LOG_LEVELS),
  places: placesUrl,
  restart: oneWordOf(RESTART_POLICIES),
  intensity: wholeNumber(0, RESTARTS_MAX),
  period: periodMs,
  backoff,
  "page-port": portNumber,
  ...DURABLE_VALUES,
  ...BRING_VALUES,
  world: oneWordOf(WORLDS),
  ...HOSTS_VALUES,
};
const FLAGS = [
  "json",
  "stop-at-eof",
  "log",
  "page",
  ...HOSTS_FLAGS,
] as const;

export const HERD_HELP = `Usage: deno task herd [options]

Brings all servers of a herd up, and prints their addresses, that of a page to
watch and drive them in a browser, and a prompt. If standard input is not a
terminal, commands are read from it line by line. Its end leaves the herd
running until SIGINT or SIGTERM; with --stop-at-eof it stops the herd. From
another terminal, deno task herd ctl drives a running herd.

  --topology NAME     2012 to 2023, a YAML file, or a generated one such as
                      ring:8 (default 2014)
${BRING_HELP}
  --world WORLD       what runs this project's servers: threads of one process
                      (default), processes, one for each, or such on several
                      hosts
${HOSTS_HELP}
  --mode MODE         how updates get from server to server: flood, tree (along
                      a tree, Plumtree), ondemand (they stay, and are asked
                      for); default: the topology's, else flood
  --port-base PORT    the first server's port; the others follow it
${WAYS_HELP}
  --secret-file FILE  a file with the links' secret, 64 hex digits (32 bytes) or
                      more; else it is taken from HERD_SECRET, if that is set
                      (default: a fresh one); with --world hosts it is the
                      agents', and the links' is always a fresh one
  --data-dir FOLDER   keep on disk what is acknowledged, before it is: it is
                      there again when the herd is started again (default: it is
                      kept in memory alone)
${DURABLE_HELP}
  --log-dir FOLDER    where each server writes its log (default logs)
  --no-log            write no log
  --log-level LEVEL   ${LOG_LEVELS.join(", ")} (default INFO: every line
                      in and out)
  --places URL        a places service other than the embedded one, with the key
                      in PLACES_API_KEY; that variable alone: Google's
  --restart POLICY    after a server ended: permanent (always), transient (if it
                      crashed, the default), temporary (never)
  --intensity N       restarts allowed within the period (default ${DEFAULT_INTENSITY.restarts})
  --period SECONDS    that period (default ${DEFAULT_INTENSITY.periodMs / 1000})
  --backoff MIN-MAX   before a restart, wait MIN, then twice as long each time
                      within the period, up to MAX: 100ms-2s (default: no wait)
${HUB_HELP}
${LIMIT_HELP}
  --page-port PORT    the port of the page, on this machine only (default: a
                      free one)
  --no-page           serve no page, no HTTP API and no metrics
  --json              print events and results as JSON, one per line
  --stop-at-eof       stop at the end of standard input: when the program that
                      holds the other end of the pipe is gone, so is the herd
  --help              print this

Exit codes: 0 fine, 2 wrong usage, topology or port, 3 internal error, or a host
was lost.
`;

function periodMs(option: string, text: string): number {
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : 0;
  if (ms > 0 && ms <= DURATION_MS_MAX) return ms;
  const most = Math.floor(DURATION_MS_MAX / 1_000);
  throw new UsageError(
    `--${option}: "${text}" is no number of seconds above 0, at most ${most}`,
  );
}

function backoff(option: string, text: string): Backoff {
  const [first = "", last = first, ...more] = text.split("-");
  const [min, max] = [first, last].map(parseDurationMs);
  if (min !== undefined && max !== undefined && more.length === 0) {
    if (min <= max) return { minMs: min, maxMs: max };
  }
  throw new UsageError(
    `--${option}: "${text}" is no time, or two, the lesser first: 100ms-2s ` +
      `(${DURATION_FORMS})`,
  );
}

/**
 * Parses a command line; `"help"` if it asks for that.
 *
 * @throws {UsageError} If it is invalid.
 */
export function parseHerdArguments(args: string[]) {
  const { options } = readCommandLine(args, {
    string: ["log-dir", ...HUB_OPTIONS, ...LIMIT_OPTIONS],
    values: VALUES,
    boolean: FLAGS,
    collect: ["limit"],
    negatable: ["log", "page"],
    default: { log: true, "log-dir": "logs", page: true },
  });
  if (options.help) return "help";
  const { "page-port": pagePort = 0, places, world } = options;
  if (!options.page && options["page-port"] !== undefined) {
    throw new UsageError("--page-port: there is no page with --no-page");
  }
  const bring = bringOf(options);
  if (bring !== undefined && places !== undefined) {
    throw new UsageError(
      "--places: servers that are brought ask Google, and " +
        "get the embedded service in its stead",
    );
  }
  const { restarts, periodMs } = DEFAULT_INTENSITY;
  return {
    /** A year, a file, or a generated topology. */
    topology: options.topology ?? bring?.manifest.topology ?? "2014",
    logLevel: options["log-level"] ?? "INFO",
    /** After which ends a server is restarted. */
    restart: options.restart ?? "transient",
    /** How many restarts are allowed within which period. */
    intensity: {
      restarts: options.intensity ?? restarts,
      periodMs: options.period ?? periodMs,
    },
    /** The delays of restarts. */
    backoff: options.backoff ?? DEFAULT_BACKOFF,
    json: options.json,
    /** Whether the herd stops at the end of standard input. */
    stopsAtEnd: options["stop-at-eof"],
    ...given({
      /** Servers that are brought instead of this project's. */
      bring,
      /** Where servers keep what they acknowledge; without it in memory only. */
      dataDir: options["data-dir"],
      /** What an acknowledged fix outlasts; absent for the default. */
      durable: options.durable,
      /** The folder for logs; without it none are written. */
      logDirectory: options.log ? options["log-dir"] : undefined,
      /** How updates are disseminated; absent for the topology's. */
      mode: options.mode,
      /** A file with the herd's secret, in hex. */
      secretFile: options["secret-file"],
      /** The first server's port; the others follow. */
      portBase: options["port-base"],
      /** The base address of another places service. */
      places,
      /** Limits of each server that differ from the defaults. */
      limits: limitsOf(options.limit, options["future-max"]),
      /** What runs this project's servers; absent for the default. */
      world: world === HOSTS ? undefined : world,
      /** The port of the live page, 0 for a free one; without it there is none. */
      pagePort: options.page ? pagePort : undefined,
    }),
    ...waysOf(options.ways, { hasLog: options.log }),
    ...hubToldOf(options),
    ...hostsOf(options, world),
  };
}
