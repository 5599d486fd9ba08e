/**
 * `deno task serve`: runs one server of a herd as a program of its own.
 *
 * @module
 */
import { visible } from "../../../herd/core/bytes/visible.ts";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import { FolderInUse } from "../../../herd/net/disk.ts";
import { SILENT_LOG } from "../../../herd/net/log.ts";
import { openLog } from "../../../herd/net/log_file.ts";
import { Server } from "../../../herd/net/server.ts";
import { delay } from "../../../herd/net/timing.ts";
import { given } from "../../model/given.ts";
import { dataDirOf } from "../../worlds/data_dir.ts";
import { NotDurable } from "../../../herd/net/keeper.ts";
import { makeDataFolder, makeFolder, neededSecret } from "./folders.ts";
import { hubOf } from "./hub_options.ts";
import { hubAt } from "../hub/herd_hub.ts";
import { wrongAddress } from "./listen_error.ts";
import { placesOf } from "./places_option.ts";
import { programOf } from "./program.ts";
import { ClockSkews } from "./serve_clocks.ts";
import { toldLog } from "./serve_log.ts";
import { networkOf, type ServedNetwork } from "./serve_network.ts";
import {
  parseServeArguments,
  SERVE_HELP,
  type ServeArguments,
} from "./serve_options.ts";
import { serveStatus } from "./serve_status.ts";
import { onSignals } from "./signals.ts";
import { UsageError, usageOf } from "./usage_error.ts";
import { runProgram } from "./user_folder.ts";

/** How long a stop may wait until neighbours have everything acknowledged. */
const HANDOVER_MS_MAX = 5_000;
const LOOK_MS = 20;
/** The system reserves ports below this for privileged programs. */
const UNPRIVILEGED_MIN = 1_024;

async function startServer(
  args: ServeArguments,
  network: ServedNetwork,
  clocks: ClockSkews,
): Promise<Server> {
  const { name, topology, options } = args;
  const { "log-dir": directory, "data-dir": data } = options;
  const { mode = topology.mode ?? "flood" } = options;
  const { clock } = denoPlatform;
  const address = hubOf(options, topology.hub?.url);
  const hub = address && await hubAt(topology, address);
  if (directory !== undefined) makeFolder(directory);
  if (data !== undefined) makeDataFolder(data, topology);
  const log = directory === undefined
    ? SILENT_LOG
    : openLog({ clock, server: name, directory, level: "INFO" });
  try {
    return await Server.start({
      name,
      ...network,
      secret: neededSecret(options["secret-file"], "the herd's"),
      mode,
      ...given({
        limits: topology.limits,
        places: placesOf(options.places),
        durable: options.durable ?? topology.durable,
        hub: hub?.optionsOf(name),
        dataDir: data === undefined ? undefined : dataDirOf(data, name),
      }),
      log: toldLog(log),
      onClocks: clocks.hear,
      onEvent: (event) => {
        if (event.kind === "link-up") console.log(`link to ${event.peer} up`);
        if (event.kind === "link-down") {
          console.log(`link to ${event.peer} down: ${visible(event.why)}`);
        }
        // Only the second failure: the first dials of two servers may cross.
        if (event.kind === "dial-failed" && event.failures === 2) {
          console.error(`no link to ${event.peer}: ${visible(event.why)}`);
        }
      },
    });
  } catch (error) {
    throw asUsage(usageOf(error, "", [FolderInUse, NotDurable]), network);
  }
}

/** Turns errors about a port or certificate into usage errors. */
export function asUsage(
  error: unknown,
  { port, tls, ways = {} }: Pick<ServedNetwork, "port" | "tls" | "ways">,
): unknown {
  const ports = [port, ways.ws?.port, ways.udp?.port]
    .filter((it) => it !== undefined);
  if (error instanceof Deno.errors.AddrInUse) {
    return new UsageError(
      ports.length === 1
        ? `port ${port} is taken; --port PORT takes another`
        : `one of the ports ${ports.join(", ")} is taken`,
    );
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    const low = ports.filter((it) => it < UNPRIVILEGED_MIN).join(", ") || port;
    const why = `port ${low} is not for this user`;
    return new UsageError(`${why}; --port PORT takes another`);
  }
  const why = wrongAddress(error);
  if (why !== undefined) return new UsageError(`--listen: ${why}`);
  if (tls !== undefined && error instanceof Deno.errors.InvalidData) {
    return new UsageError(`--tls-cert, --tls-key: ${error.message}`);
  }
  return error;
}

/** Waits until neighbours have everything acknowledged, if there are any. */
async function handOver(server: Server, signal: AbortSignal): Promise<void> {
  const { clock } = denoPlatform;
  const endMs = clock.nowMs() + HANDOVER_MS_MAX;
  while (
    server.linked().length > 0 && server.stats().queued > 0 &&
    clock.nowMs() < endMs && !signal.aborted
  ) {
    await delay(clock, LOOK_MS);
  }
}

/** Resolves when the server has stopped. */
async function serve(asked: ServeArguments): Promise<void> {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  const hurry = new AbortController();
  let isEnding = false;
  using _signals = onSignals(["SIGINT", "SIGTERM"], () => {
    if (isEnding) hurry.abort();
    isEnding = true;
    stop();
  });
  const network = networkOf(asked);
  const clocks = new ClockSkews((text) => console.error(`warning: ${text}`));
  await using server = await startServer(asked, network, clocks);
  const { status } = asked.options;
  await using _status = status && serveStatus(status, {
    server,
    clocks,
    neighbours: network.neighbours.length,
    isEnding: () => isEnding,
  });
  console.log(`${asked.name} listens on ${network.hostname}:${server.port}`);
  await stopped;
  await handOver(server, hurry.signal);
}

/** Runs a command line; resolves to the exit code. */
export const main = programOf(SERVE_HELP, parseServeArguments, serve);

if (import.meta.main) await runProgram(main);
