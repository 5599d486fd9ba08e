/**
 * `deno task serve`: one server of a herd, as a program of its own.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { z } from "zod";
import { visible } from "../../../herd/core/bytes/visible.ts";
import { MODES } from "../../../herd/core/dissemination/dissemination.ts";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import { FolderInUse } from "../../../herd/net/disk.ts";
import type { HubOptions } from "../../../herd/net/hub/hub.ts";
import { openLog } from "../../../herd/net/log.ts";
import type { Neighbour } from "../../../herd/net/peers_options.ts";
import { Server } from "../../../herd/net/server.ts";
import { hintFor, suggest } from "../../model/suggest.ts";
import {
  neighboursOf,
  PORT_MAX,
  type Topology,
} from "../../model/topology/topology.ts";
import { dataDirOf } from "../../worlds/data_dir.ts";
import { DURABLE_HELP, durableOf } from "./durable_option.ts";
import { herdSecret, makeFolder } from "./folders.ts";
import { HUB_HELP, HUB_OPTIONS, hubOf } from "./hub_options.ts";
import { integer } from "./herd_options.ts";
import { hubAt } from "../hub/herd_hub.ts";
import { placesOf, placesUrl } from "./places_option.ts";
import { topologyOf } from "./topology_option.ts";
import { exitCodeOf, oneOf, UsageError } from "./usage_error.ts";
import { enterUserFolder } from "./user_folder.ts";

const STRINGS = [
  "topology",
  "port",
  "peers",
  "mode",
  "secret-file",
  "data-dir",
  "durable",
  "log-dir",
  "places",
  ...HUB_OPTIONS,
] as const;

const SERVE_HELP = `Usage: deno task serve NAME [options]

Runs one server of a herd as a program of its own, until SIGINT or SIGTERM. Those
of a herd find each other by the ports of its topology, and must be given the
same secret: openssl rand -hex 32 > secret

  --topology NAME     2012 to 2023 or a YAML file (default 2014)
  --port PORT         where it listens (default: the topology's port)
  --peers JSON        where its neighbours are, such as {"Parker":
                      {"host":"127.0.0.1","port":12042}} (default: at the
                      topology's ports of this machine)
  --secret-file FILE  a file with the links' secret, 64 hex digits (32 bytes) or
                      more; else it is taken from HERD_SECRET
  --mode MODE         how updates get from server to server: ${MODES.join(", ")}
                      (default: the topology's, else flood)
  --data-dir FOLDER   keep in FOLDER/NAME what is acknowledged, before it is: it is
                      held again when the server is started again (default: it is
                      kept in memory alone)
${DURABLE_HELP}
  --log-dir FOLDER    where it writes its log (default: it writes none)
  --places URL        a places service, with the key in PLACES_API_KEY; that
                      variable alone: Google's
${HUB_HELP}
                      (its gateways are those of the topology, else the first
                      server)
  --help              print this

Exit codes: 0 fine, 2 wrong usage, topology or port, 3 internal error.
`;

const HOSTNAME = "127.0.0.1";
const EXIT_FINE = 0;

/** As `{peers_json}` has it. */
const PEERS = z.record(
  z.string(),
  z.strictObject({
    host: z.string().default(HOSTNAME),
    port: z.int().min(1).max(PORT_MAX),
  }),
);

interface ServeArguments {
  readonly name: string;
  readonly topology: Topology;
  readonly options: Partial<Record<typeof STRINGS[number], string | undefined>>;
}

function parse(args: string[]): ServeArguments | "help" {
  const { _: names, help, topology: spec, ...options } = parseArgs(args, {
    string: STRINGS,
    boolean: ["help"],
    default: { topology: "2014" },
    unknown: (arg, name) => {
      if (name === undefined) return true;
      const near = suggest(name, STRINGS);
      const hint = near === undefined
        ? "see --help"
        : `did you mean --${near}?`;
      throw new UsageError(`no option ${arg}, ${hint}`);
    },
  });
  if (help) return "help";
  for (const name of STRINGS) {
    if (options[name as keyof typeof options] === "") {
      throw new UsageError(`--${name} needs a value`);
    }
  }
  const topology = topologyOf(spec);
  const [name, ...more] = names.map(String);
  const known = topology.servers.map((server) => server.name);
  if (name === undefined || more.length > 0) {
    throw new UsageError(`which server? There is ${known.join(", ")}`);
  }
  if (!known.includes(name)) {
    const near = hintFor(name, known);
    const hint = "hint" in near ? `, ${near.hint}` : "";
    throw new UsageError(`no server "${name}" in ${topology.name}${hint}`);
  }
  return { name, topology, options };
}

/** The port that the topology names for a server. */
function portOf({ name, servers }: Topology, server: string): number {
  const { port = 0 } = servers.find((it) => it.name === server) ?? {};
  if (port !== 0) return port;
  throw new UsageError(
    `topology ${name} names no port of ${server}: give --port and --peers`,
  );
}

function neighbours(
  { name, topology, options: { peers } }: ServeArguments,
): Neighbour[] {
  const told = peers === undefined ? undefined : addressesOf(peers);
  return neighboursOf(topology, name).map((peer) => {
    if (told === undefined) {
      return { name: peer, hostname: HOSTNAME, port: portOf(topology, peer) };
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

function secretOf(file: string | undefined): string {
  const secret = herdSecret(file);
  if (secret !== undefined) return secret;
  throw new UsageError(
    "the herd's secret is missing: --secret-file FILE, or HERD_SECRET",
  );
}

async function hubFor(
  { name, topology, options }: ServeArguments,
): Promise<HubOptions | undefined> {
  const address = hubOf(options, topology.hub?.url);
  if (address === undefined) return undefined;
  const { optionsOf } = await hubAt(topology, address);
  return optionsOf(name);
}

async function startServer(args: ServeArguments): Promise<Server> {
  const { name, topology, options } = args;
  const { mode, places, "log-dir": directory, "data-dir": data } = options;
  const port = options.port === undefined
    ? portOf(topology, name)
    : integer("port", options.port, 1, PORT_MAX);
  const service = placesOf(places && placesUrl(places));
  const { clock } = denoPlatform;
  const hub = await hubFor(args);
  if (directory !== undefined) makeFolder(directory);
  if (data !== undefined) makeFolder(data, "--data-dir");
  try {
    return await Server.start({
      name,
      hostname: HOSTNAME,
      port,
      neighbours: neighbours(args),
      secret: secretOf(options["secret-file"]),
      mode: mode === undefined
        ? topology.mode ?? "flood"
        : oneOf("mode", mode, MODES),
      ...topology.limits && { limits: topology.limits },
      ...service && { places: service },
      ...durableOf(options.durable ?? topology.durable),
      ...hub && { hub },
      ...data !== undefined && { dataDir: dataDirOf(data, name) },
      ...directory !== undefined &&
        { log: openLog({ clock, server: name, directory, level: "INFO" }) },
      onEvent: (event) => {
        if (event.kind === "link-up") console.log(`link to ${event.peer} up`);
        if (event.kind === "link-down") {
          console.log(`link to ${event.peer} down: ${visible(event.why)}`);
        }
      },
    });
  } catch (error) {
    if (error instanceof FolderInUse) {
      throw new UsageError(error.message, { cause: error });
    }
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    throw new UsageError(`port ${port} is taken; --port PORT takes another`);
  }
}

/** Resolves to the exit code, when the server has stopped. */
async function serve(args: string[]): Promise<number> {
  const asked = parse(args);
  if (asked === "help") {
    console.log(SERVE_HELP.trimEnd());
    return EXIT_FINE;
  }
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  Deno.addSignalListener("SIGINT", stop);
  Deno.addSignalListener("SIGTERM", stop);
  await using server = await startServer(asked);
  console.log(`${asked.name} listens on ${HOSTNAME}:${server.port}`);
  await stopped;
  return EXIT_FINE;
}

async function main(): Promise<number> {
  try {
    return await serve(Deno.args);
  } catch (error) {
    return exitCodeOf(error);
  }
}

if (import.meta.main) {
  enterUserFolder();
  Deno.exit(await main());
}
