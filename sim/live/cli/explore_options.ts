/**
 * The command line of `deno task explore`.
 *
 * @module
 */
import {
  type DisseminationMode,
  MODES,
} from "../../../herd/core/dissemination/dissemination.ts";
import { PLANTED_BUGS } from "../../../herd/core/planted_bug.ts";
import { given } from "../../model/given.ts";
import {
  type Fault,
  faultName,
  faultsOf,
  FIXES_MAX,
  fixesAt,
  SERVERS_MAX,
  type Setup,
} from "../../model/explore/setup.ts";
import type { Topology } from "../../model/topology/topology.ts";
import {
  anyText,
  oneWordOf,
  readCommandLine,
  wholeNumber,
} from "./command_line.ts";
import { topologyOf } from "./topology_option.ts";
import { oneOf, UsageError } from "./usage_error.ts";

const STATES_MAX = 1_000_000;

export const EXPLORE_HELP = `Usage: deno task explore [options]

Looks at all orders in which things can happen in a small herd: its clients tell
fixes, servers read what the others wrote, and one fault begins and ends, all of
it at any moment. In each state in which nothing more happens by itself, servers
that are linked must hold the same, and all of them the newest. On demand a
client asks at any moment, and the answer may miss nothing that all could tell.
Says how many states there are and how many diverged, with the shortest order
that leads there.

  --topology NAME    2 to ${SERVERS_MAX} servers, as for drills (default line:3)
  --mode MODE        ${MODES.join(", ")} (default flood)
  --at A,B[,C]       the servers that are told a fix of one client, 1 to ${FIXES_MAX}:
                     the first two of equal times, the third one of a later time
                     (default: the first and the last server)
  --ask A            the server that is asked in mode ondemand (default: the
                     second)
  --fault FAULT      A-B: that link goes down, and comes up again; A: that
                     server is killed, and comes back empty; none; or all, each
                     of them in an exploration of its own (default all)
  --slow             servers write to a neighbour, and notice that a link is
                     down, at any later moment, not at once; many more states
  --states-max N     look at N states at most, all together (default ${STATES_MAX});
                     if there are more, the answer is not known
  --plant BUG        plant a bug in the servers, such as ${
  PLANTED_BUGS.slice(0, 2).join(" or ")
}
  --json             one line of JSON for each exploration
  --help             print this

Exit code: 0 none diverged; 1 some did, or not all states were looked at; 2 the
command line is wrong; 130 interrupted.
`;

const VALUES = {
  topology: anyText,
  mode: oneWordOf(MODES),
  at: anyText,
  ask: anyText,
  fault: anyText,
  "states-max": wholeNumber(1, Number.MAX_SAFE_INTEGER),
  plant: oneWordOf(PLANTED_BUGS),
};

function faultsFor(word: string, topology: Topology): Fault[] {
  const faults = faultsOf(topology);
  if (word === "all") return faults;
  const all: Fault[] = [{ kind: "none" }, ...faults];
  const name = oneOf("fault", word, ["all", ...all.map(faultName)]);
  return all.filter((fault) => faultName(fault) === name);
}

function serversOf(topology: Topology): string[] {
  const servers = topology.servers.map(({ name }) => name);
  if (servers.length >= 2 && servers.length <= SERVERS_MAX) return servers;
  throw new UsageError(
    `--topology ${topology.name}: ${servers.length} servers, ` +
      `2 to ${SERVERS_MAX} can be explored`,
  );
}

function toldAt(text: string | undefined, servers: readonly string[]) {
  if (text === undefined) return fixesAt([servers[0]!, servers.at(-1)!]);
  const names = text.split(",").map((name) => oneOf("at", name, servers));
  if (names.length <= FIXES_MAX) return fixesAt(names);
  throw new UsageError(`--at ${text}: ${FIXES_MAX} fixes at most`);
}

function askedAt(
  name: string | undefined,
  mode: DisseminationMode,
  servers: readonly string[],
): string | undefined {
  if (mode === "ondemand") return oneOf("ask", name ?? servers[1]!, servers);
  if (name === undefined) return undefined;
  throw new UsageError(`--ask ${name}: only in mode ondemand`);
}

/**
 * Parses a command line; `"help"` if it asks for that.
 *
 * @throws {UsageError} If it is invalid.
 */
export function exploreOptions(args: readonly string[]) {
  const { options } = readCommandLine(args, {
    values: VALUES,
    boolean: ["slow", "json"],
  });
  if (options.help) return "help";
  const topology = topologyOf(options.topology ?? "line:3");
  const servers = serversOf(topology);
  const told = toldAt(options.at, servers);
  const { mode = "flood", fault: name = "all" } = options;
  const { plant: plantedBug, "states-max": statesMax = STATES_MAX } = options;
  const asked = askedAt(options.ask, mode, servers);
  const setups = faultsFor(name, topology).map((fault): Setup => ({
    servers,
    links: topology.links,
    mode,
    told,
    fault,
    isSlow: options.slow,
    ...given({ asked, plantedBug }),
  }));
  return {
    /** To be explored one after the other. */
    setups,
    /** The limit on states for all setups together. */
    statesMax,
    isJson: options.json,
  };
}
