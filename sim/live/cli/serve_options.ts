/**
 * The command line of `deno task serve`.
 *
 * @module
 */
import { MODES } from "../../../herd/core/dissemination/dissemination.ts";
import { hinted } from "../../model/suggest.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { anyText, oneWordOf, readCommandLine } from "./command_line.ts";
import { DURABLE_HELP, DURABLE_VALUES } from "./durable_option.ts";
import { hostPort, portNumber } from "./host_port.ts";
import { HUB_HELP, HUB_OPTIONS } from "./hub_options.ts";
import { statOf } from "../../worlds/if_there.ts";
import { placesUrl } from "./places_option.ts";
import { topologyOf } from "./topology_option.ts";
import { UsageError } from "./usage_error.ts";

const VALUES = {
  topology: anyText,
  herd: anyText,
  listen: anyText,
  port: portNumber,
  peers: anyText,
  mode: oneWordOf(MODES),
  "secret-file": anyText,
  "tls-cert": anyText,
  "tls-key": anyText,
  "tls-ca": anyText,
  "ws-origins": (_: string, text: string) => text.split(","),
  status: (option: string, text: string) => hostPort(option, text),
  "data-dir": anyText,
  ...DURABLE_VALUES,
  "log-dir": anyText,
  places: placesUrl,
};

export const SERVE_HELP = `Usage: deno task serve NAME [options]

Runs one server of a herd as a program of its own, until SIGINT or SIGTERM.
Those of a herd find each other by the ports of its topology, and must be given
the same secret: openssl rand -hex 32 > secret

  --topology NAME     2012 to 2023 or a YAML file: all servers are on this
                      machine (default 2014)
  --herd FILE         a YAML file that names the host of each server; names are
                      looked up each time that one is dialled
  --listen ADDRESS    the address that it listens on (default: 127.0.0.1; with
                      --herd 0.0.0.0)
  --port PORT         where it listens (default: the topology's port)
  --peers JSON        where its neighbours are, such as {"Parker":
                      {"host":"127.0.0.1","port":12043}} (default: as the
                      topology says)
  --secret-file FILE  a file with the links' secret, 64 hex digits (32 bytes) or
                      more; else it is taken from HERD_SECRET
  --tls-cert FILE     its certificate, PEM: its port is by TLS, for clients and
  --tls-key FILE      neighbours, and its port for WebSockets; and the key of it
  --tls-ca FILE       who vouches for neighbours (default: whom the system
                      trusts)
  --insecure-links    dial other hosts by plain text: whoever is on the way
                      reads and changes what links carry
  --ws-origins LIST   whose pages may be clients by WebSocket, beside those of
                      the same host: https://example.org,https://example.com
                      or *
  --status HOST:PORT  serve /healthz, /readyz and /metrics there (default:
                      nowhere)
  --mode MODE         how updates get from server to server:
                      ${MODES.join(", ")} (default: the topology's, else
                      flood)
  --data-dir FOLDER   keep in FOLDER/NAME what is acknowledged, before it is: it
                      is held again when the server is started again (default:
                      it is kept in memory alone)
${DURABLE_HELP}
  --log-dir FOLDER    where it writes its log (default: it writes none; warnings
                      go to standard error in any case)
  --places URL        a places service, with the key in PLACES_API_KEY; that
                      variable alone: Google's (default: none; WHATSAT tells
                      where a client is, and of no places)
${HUB_HELP}
                      (its gateways are those of the topology, else the first
                      server)
  --help              print this

Exit codes: 0 fine, 2 wrong usage, topology or port, 3 internal error.
`;

/** The arguments of a command line. */
export type ServeArguments = Exclude<
  ReturnType<typeof parseServeArguments>,
  "help"
>;

/**
 * Parses a command line; `"help"` if it asks for that.
 *
 * @throws {UsageError} If it is invalid.
 */
export function parseServeArguments(args: string[]) {
  const { options, words: names } = readCommandLine(args, {
    string: HUB_OPTIONS,
    values: VALUES,
    boolean: ["insecure-links"],
    takesWords: true,
  });
  if (options.help) return "help";
  const { herd, topology: spec = "2014" } = options;
  if (herd !== undefined && options.topology !== undefined) {
    throw new UsageError("--herd and --topology: give one of them");
  }
  if (herd !== undefined && !statOf(herd)?.isFile) {
    throw new UsageError(
      `--herd: there is no file ${herd}; it takes one that names each server's host`,
    );
  }
  const topology = topologyOf(herd ?? spec);
  const isOverHosts = herd !== undefined;
  if (isOverHosts) assertHosts(topology);
  const name = serverOf(topology, names);
  return {
    name,
    topology,
    /** Whether the servers run on the hosts that the topology names. */
    isOverHosts,
    options,
  };
}

/** @throws {UsageError} If a server's host or port is missing. */
function assertHosts({ name: herd, servers }: Topology): void {
  for (const { name, host, port } of servers) {
    if (host !== undefined && port !== 0) continue;
    throw new UsageError(
      `--herd: ${herd} does not say where ${name} is: ` +
        `${name}: { host: ${name.toLowerCase()}.example, port: 12040 }`,
    );
  }
}

function serverOf(topology: Topology, names: readonly string[]): string {
  const known = topology.servers.map((server) => server.name);
  const [name, ...more] = names;
  if (name === undefined) {
    throw new UsageError(`which server? There is ${known.join(", ")}`);
  }
  if (more.length > 0) {
    throw new UsageError(
      `${names.join(", ")}: a program runs one server; start one for each`,
    );
  }
  if (known.includes(name)) return name;
  const message = `no server "${name}" in ${topology.name}`;
  throw new UsageError(hinted(message, name, known));
}
