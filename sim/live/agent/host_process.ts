/**
 * The processes that an agent starts: of what a workbench says of them, that
 * which is of this machine is the agent's to say.
 *
 * @module
 */
import { dataDirOf } from "../../worlds/data_dir.ts";
import type { Purpose } from "../../worlds/hosts/wire.ts";
import { ModuleProcess } from "../../worlds/processes/module_process.ts";
import type { Spawned } from "../../worlds/spawned.ts";
import { serverModule } from "../../worlds/processes/own_processes.ts";
import type { Order } from "../../worlds/processes/wire.ts";
import type { ServerStart } from "../../worlds/world.ts";
import type { Programs } from "../../worlds/processes/programs.ts";
import { hubClient } from "../hub/hub_client.ts";
import { BroughtProcess } from "./brought_process.ts";

/** What is this machine's. */
export interface Here {
  /** The address that servers listen on. */
  readonly hostname: string;
  /** Where they keep what they are to keep. */
  readonly folder: string;
  /** Where they log; they do not, without it. */
  readonly logDirectory: string | undefined;
  /** What was brought, in place of this project's servers. */
  readonly programs: Programs | undefined;
  /** The address that is told to what was brought. */
  readonly programHost: string;
}

/** A process, and how what it is told is to be changed for this machine. */
export interface HostProcess {
  readonly spawned: Omit<Spawned, "pause"> & { pause(): Promise<void> };
  /** Of which no other one may run; none of proxies. */
  readonly server?: string;
  settle?(message: unknown): unknown;
}

/**
 * Starts the process that is wanted.
 *
 * @throws {RangeError} If the agent does not run such.
 */
export async function hostProcess(
  purpose: Extract<Purpose, { kind: "server" | "program" | "proxies" }>,
  here: Here,
): Promise<HostProcess> {
  if (purpose.kind === "proxies") {
    const module = new URL(import.meta.resolve("../proxies/proxy_process.ts"));
    const permissions = ["--allow-net"];
    const spawned = new ModuleProcess({ module, permissions });
    return { spawned };
  }
  const { programs, programHost: host } = here;
  if (purpose.kind === "program") {
    if (programs === undefined) throw new RangeError("it brings no servers");
    const { name, port, peers, routes } = purpose;
    const start = { here: { name, host, port, peers }, routes };
    const spawned = new BroughtProcess(programs, start);
    return { spawned, server: name };
  }
  if (programs !== undefined) {
    throw new RangeError("it runs the servers that it brings, and no others");
  }
  const server = await settled(purpose.server, here);
  const elsewhere = { hostname: LOOPBACK, name: "", port: 0 };
  // It may be told to dial proxies later, which are here too.
  const neighbours = [...server.neighbours, elsewhere];
  const spawned = new ModuleProcess(serverModule({ ...server, neighbours }));
  return {
    spawned,
    server: server.name,
    settle: (message) => {
      const order = message as Order;
      return order.kind === "start" ? { ...order, server } : order;
    },
  };
}

const LOOPBACK = "127.0.0.1";

async function settled(
  { log, dataDir, hub, ...server }: ServerStart,
  { hostname, folder, logDirectory }: Here,
): Promise<ServerStart> {
  const { name } = server;
  return {
    ...server,
    hostname,
    ...dataDir !== undefined && { dataDir: dataDirOf(folder, name) },
    ...log && logDirectory !== undefined &&
      { log: { ...log, directory: logDirectory } },
    ...hub && { hub: { ...hub, client: await hubClient() } },
  };
}
