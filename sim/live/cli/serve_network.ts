/**
 * The addresses of a served server and its neighbours, and the transports.
 *
 * @module
 */
import { z } from "zod";
import type { Neighbour } from "../../../herd/net/neighbour.ts";
import type { ServerOptions } from "../../../herd/net/server_options.ts";
import {
  neighboursOf,
  PORT_MAX,
  type Topology,
} from "../../model/topology/topology.ts";
import { isLoopback } from "./host_port.ts";
import type { ServeArguments } from "./serve_options.ts";
import { tlsOf } from "./tls_options.ts";
import { UsageError } from "./usage_error.ts";

const LOOPBACK = "127.0.0.1";
const EVERYWHERE = "0.0.0.0";

/** The format of `{peers_json}`. */
const PEERS = z.record(
  z.string(),
  z.strictObject({
    host: z.string().default(LOOPBACK),
    port: z.int().min(1).max(PORT_MAX),
  }),
);

/** A server's options about the network. */
export type ServedNetwork =
  & Pick<ServerOptions, "port" | "neighbours" | "tls" | "ways">
  & { readonly hostname: string };

/**
 * Where a server listens, and how it dials its neighbours.
 *
 * @throws {UsageError} If that is not given, or a link to another host would be
 * plain text.
 */
export function networkOf(args: ServeArguments): ServedNetwork {
  const { name, topology, isOverHosts, options } = args;
  const { listen = isOverHosts ? EVERYWHERE : LOOPBACK } = options;
  const { port = portOf(topology, name), "ws-origins": origins = [] } = options;
  const neighbours = neighboursFor(args);
  const tls = tlsOf(options);
  const far = neighbours.find(({ hostname }) => !isLoopback(hostname));
  if (far !== undefined && tls === undefined && !options["insecure-links"]) {
    throw new UsageError(
      `the link to ${far.name} on ${far.hostname} would be plain text: give ` +
        "--tls-cert, --tls-key and --tls-ca, or --insecure-links",
    );
  }
  const { ws, udp } = topology.servers.find((it) => it.name === name) ?? {};
  if (origins.length > 0 && ws === undefined) {
    throw new UsageError(
      `--ws-origins: the topology has no ws port of ${name}`,
    );
  }
  return {
    hostname: listen,
    port,
    neighbours,
    ...tls && { tls },
    ways: {
      ...ws !== undefined && { ws: { port: ws, origins } },
      ...udp !== undefined && { udp: { port: udp } },
    },
  };
}

/** The port of a server in the topology. */
function portOf({ name, servers }: Topology, server: string): number {
  const { port = 0 } = servers.find((it) => it.name === server) ?? {};
  if (port !== 0) return port;
  throw new UsageError(
    `topology ${name} names no port of ${server}: give --port and --peers`,
  );
}

function neighboursFor(
  { name, topology, isOverHosts, options: { peers } }: ServeArguments,
): Neighbour[] {
  const told = peers === undefined ? undefined : addressesOf(peers);
  return neighboursOf(topology, name).map((peer) => {
    if (told === undefined) {
      const { host = LOOPBACK } = topology.servers
        .find((it) => it.name === peer) ?? {};
      const hostname = isOverHosts ? host : LOOPBACK;
      return { name: peer, hostname, port: portOf(topology, peer) };
    }
    const { host, port } = told[peer] ?? {};
    if (host !== undefined && port !== undefined) {
      return { name: peer, hostname: host, port };
    }
    throw new UsageError(`--peers: it does not say where ${peer} is`);
  });
}

function addressesOf(text: string): z.output<typeof PEERS> {
  try {
    return PEERS.parse(JSON.parse(text));
  } catch (error) {
    const why = error instanceof z.ZodError
      ? z.prettifyError(error)
      : "it is no JSON";
    throw new UsageError(`--peers: ${why}`);
  }
}
