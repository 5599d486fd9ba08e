/**
 * The options for servers on several hosts.
 *
 * @module
 */
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import type { Address, TlsTrust } from "../../../herd/net/platform.ts";
import { given } from "../../model/given.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { NoAgent } from "../../worlds/hosts/agents.ts";
import { Hosts, UnlikeAgents } from "../../worlds/hosts/hosts.ts";
import { AGENT_PORT } from "../../worlds/hosts/wire.ts";
import type { Places } from "../places/places.ts";
import {
  type AskedServers,
  ownOptionsIn,
  unknownToBrought,
} from "./bring_options.ts";
import { anyText, type ValuesOf } from "./command_line.ts";
import { neededSecret } from "./folders.ts";
import { hostPort, isLoopback } from "./host_port.ts";
import { trustOf } from "./tls_options.ts";
import { UsageError, usageOf } from "./usage_error.ts";

/** The world of these options. */
export const HOSTS = "hosts";

/** Options with a value. */
export const HOSTS_VALUES = {
  hosts: anyText,
  "tls-ca": anyText,
  "secret-file": anyText,
};
/** Flags. */
export const HOSTS_FLAGS = ["insecure"] as const;

/** The section of `--help`. */
export const HOSTS_HELP = `\
  --hosts LIST        with --world hosts: where deno task agent runs, such as
                      ash.example,elm.example:12091 (default port ${AGENT_PORT});
                      servers are spread over them in order, but one whose host
                      the topology names is there (default: the topology's
                      hosts); what they run is this project's, or what
                      deno task agent --bring says
  --tls-ca FILE       who vouches for the agents' certificates (default: whom
                      the system trusts; on this machine they need none)
  --insecure          speak with agents by plain text`;

/** Where servers run, and how agents are reached. */
export interface HostsArguments {
  /** The agents, if they are named. */
  readonly agents?: readonly Address[];
  readonly trust?: TlsTrust;
  readonly isInsecure: boolean;
  /** The secret that agents require, in hex. */
  readonly secret: string;
  /** Options that were given and that only servers of this project support. */
  readonly ownOptions: readonly string[];
}

/**
 * The options about hosts, if the world is `hosts`.
 *
 * @throws {UsageError} If one is missing, or is for that world only.
 */
export function hostsOf(
  options: Partial<ValuesOf<typeof HOSTS_VALUES>> & {
    readonly insecure?: boolean;
  },
  world: string | undefined,
): { readonly hosts?: HostsArguments } {
  const { hosts, "tls-ca": ca, insecure = false } = options;
  if (world !== HOSTS) {
    const [stray] = Object.keys(given({
      hosts,
      "tls-ca": ca,
      insecure: insecure || undefined,
    }));
    if (stray === undefined) return {};
    throw new UsageError(`--${stray} goes with --world ${HOSTS}`);
  }
  if (insecure && ca !== undefined) {
    throw new UsageError(
      "--insecure: by plain text nobody is vouched for, as --tls-ca wants it",
    );
  }
  const secret = neededSecret(
    options["secret-file"],
    "--world hosts: the agents'",
  );
  return {
    hosts: {
      isInsecure: insecure,
      secret,
      ownOptions: ownOptionsIn(options)
        .filter((name) => name !== "secret-file"),
      ...given({
        agents: hosts?.split(",")
          .map((text) => hostPort("hosts", text.trim(), AGENT_PORT)),
        trust: ca === undefined ? undefined : trustOf(ca),
      }),
    },
  };
}

/**
 * Connects to the agents.
 *
 * @param note Gets what they bring and what was found out of it, a line each.
 * @param signal Ends it; it then rejects with the signal's reason.
 * @throws {UsageError} If they are not named, or one can't be used.
 */
export async function openHosts(
  { agents, trust, isInsecure, secret, ownOptions }: HostsArguments,
  topology: Topology,
  note: (text: string) => void,
  signal: AbortSignal,
): Promise<AskedServers> {
  const addresses = agents ?? agentsOf(topology);
  const isHere = allHere(addresses);
  const tls = isInsecure || isHere && trust === undefined
    ? undefined
    : trust ?? {};
  try {
    const hosts = await Hosts.open({
      platform: denoPlatform,
      agents: addresses,
      secret,
      ...tls && { tls },
      watch: {
        onFound: (text) => note(`found out: ${text}`),
        onWarning: (text) => note(`warning: ${text}`),
      },
    }, signal);
    for (const [host, { text }] of hosts.brought) {
      note(`${host} brings ${text}`);
    }
    const isBrought = hosts.brought.size > 0;
    const [own] = ownOptions;
    if (isBrought && own !== undefined) {
      await hosts[Symbol.asyncDispose]();
      throw unknownToBrought(own);
    }
    return {
      isBrought,
      options: {
        world: hosts.world,
        ...isBrought && { places: placesOn(hosts) },
      },
      lost: hosts.lost,
      [Symbol.asyncDispose]: () => hosts[Symbol.asyncDispose](),
    };
  } catch (error) {
    signal.throwIfAborted();
    throw usageOf(error, "", [NoAgent, UnlikeAgents]);
  }
}

/** What servers that were brought ask in Google's place, each on its own host. */
function placesOn(hosts: Hosts): Places {
  return {
    misbehave: (mode) => hosts.misbehave(mode),
    stop: async () => {},
  };
}

/**
 * Whether all are on this machine.
 *
 * @throws {UsageError} If only some are.
 */
function allHere(addresses: readonly Address[]): boolean {
  const loopback = addresses.find(({ hostname }) => isLoopback(hostname));
  const other = addresses.find(({ hostname }) => !isLoopback(hostname));
  if (loopback === undefined || other === undefined) return other === undefined;
  throw new UsageError(
    `--world hosts: ${other.hostname} can't reach servers on ` +
      `${loopback.hostname}; name this machine as the others know it`,
  );
}

function agentsOf({ name: topology, servers }: Topology): Address[] {
  const hosts = servers.map(({ name, host }) => {
    if (host !== undefined) return host;
    throw new UsageError(
      `--world hosts: topology ${topology} does not say where ${name} is; ` +
        "--hosts HOST,HOST,… names hosts for all",
    );
  });
  return [...new Set(hosts)]
    .map((hostname) => ({ hostname, port: AGENT_PORT }));
}
