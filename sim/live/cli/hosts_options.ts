/**
 * The options of a command line that have servers run on several hosts.
 *
 * @module
 */
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import type { Address, TlsTrust } from "../../../herd/net/platform.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { NoAgent } from "../../worlds/hosts/agents.ts";
import { Hosts } from "../../worlds/hosts/hosts.ts";
import { AGENT_PORT } from "../../worlds/hosts/wire.ts";
import type { World } from "../../worlds/world.ts";
import { herdSecret } from "./folders.ts";
import { hostPort, isLoopback } from "./host_port.ts";
import { trustOf } from "./tls_options.ts";
import { UsageError } from "./usage_error.ts";

/** The world that they are for. */
export const HOSTS = "hosts";

/** Those that take a text. */
export const HOSTS_OPTIONS = ["hosts", "tls-ca", "secret-file"] as const;
/** Those that take none. */
export const HOSTS_FLAGS = ["insecure"] as const;

/** What `--help` says of them. */
export const HOSTS_HELP = `\
  --hosts LIST        with --world hosts: where deno task agent runs, such as
                      ash.example,elm.example:12091 (default port ${AGENT_PORT});
                      servers are spread over them in order, but one whose host
                      the topology names is there (default: the topology's
                      hosts)
  --tls-ca FILE       who vouches for the agents' certificates (default: whom
                      the system trusts; on this machine they need none)
  --insecure          speak with agents by plain text`;

/** What was told. */
export interface HostsTold {
  readonly hosts?: string | undefined;
  readonly "tls-ca"?: string | undefined;
  readonly "secret-file"?: string | undefined;
  readonly insecure?: boolean;
}

/** Where servers are to run, and how agents are spoken with. */
export interface HostsArguments {
  /** The agents, if they were named. */
  readonly agents?: readonly Address[];
  readonly trust?: TlsTrust;
  readonly isInsecure: boolean;
  /** What they are to be proved, in hex. */
  readonly secret: string;
}

/**
 * What is told of hosts, if the world is that.
 *
 * @throws {UsageError} If something is missing, or is for that world alone.
 */
export function hostsOf(
  options: HostsTold,
  world: string | undefined,
): { readonly hosts?: HostsArguments } {
  const { hosts, "tls-ca": ca, insecure = false } = options;
  if (world !== HOSTS) {
    const stray = hosts !== undefined
      ? "hosts"
      : ca !== undefined
      ? "tls-ca"
      : insecure
      ? "insecure"
      : undefined;
    if (stray === undefined) return {};
    throw new UsageError(`--${stray} goes with --world ${HOSTS}`);
  }
  if (insecure && ca !== undefined) {
    throw new UsageError(
      "--insecure: by plain text nobody is vouched for, as --tls-ca wants it",
    );
  }
  const secret = herdSecret(options["secret-file"]);
  if (secret === undefined) {
    throw new UsageError(
      "--world hosts: the agents' secret is missing: --secret-file FILE, or " +
        "HERD_SECRET",
    );
  }
  const agents = hosts?.split(",")
    .map((text) => hostPort("hosts", text.trim(), AGENT_PORT));
  return {
    hosts: {
      isInsecure: insecure,
      secret,
      ...agents && { agents },
      ...ca !== undefined && { trust: trustOf(ca) },
    },
  };
}

/** Hosts that were opened; to be disposed of after their herds. */
export interface OpenHosts extends AsyncDisposable {
  /** With which a herd is started. */
  readonly options: { readonly world: World };
  /** Aborted when a host is lost: what comes of servers then is not theirs. */
  readonly lost: AbortSignal;
}

/**
 * Opens the hosts.
 *
 * @throws {UsageError} If it is not known which, or an agent can't be had.
 */
export async function openHosts(
  { agents, trust, isInsecure, secret }: HostsArguments,
  topology: Topology,
): Promise<OpenHosts> {
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
    });
    return {
      options: { world: hosts.world },
      lost: hosts.lost,
      [Symbol.asyncDispose]: () => hosts[Symbol.asyncDispose](),
    };
  } catch (error) {
    if (!(error instanceof NoAgent)) throw error;
    throw new UsageError(error.message, { cause: error });
  }
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
