/**
 * Derives each server's start options from a topology and a herd's options:
 * ports, addresses, secret, settings.
 *
 * @module
 */
import { given } from "../../model/given.ts";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import type { Durability } from "../../../herd/core/durability.ts";
import type { TlsIdentity } from "../../../herd/net/platform.ts";
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import { freshSecret } from "../../../herd/net/handshake.ts";
import type { PlacesOptions } from "../../../herd/net/places/lookup.ts";
import { IN_MEMORY, type Keeping } from "../../model/durability.ts";
import { checkedNumber } from "../../model/numbers.ts";
import {
  neighboursOf,
  PORT_MAX,
  type Topology,
} from "../../model/topology/topology.ts";
import type { HerdHub } from "../hub/herd_hub.ts";
import type { HerdOptions } from "./start_options.ts";
import { dataDirOf } from "../../worlds/data_dir.ts";
import type { PortLease } from "../../worlds/port_lease.ts";
import { waysFor } from "./ways.ts";
import type { ServerStart, World } from "../../worlds/world.ts";

const LOOPBACK = "127.0.0.1";

/** What servers share. */
export interface Shared {
  /** Where their ports are from. */
  readonly free: PortLease;
  readonly places?: PlacesOptions | undefined;
  readonly identity?: TlsIdentity | undefined;
  readonly hub?: HerdHub | undefined;
}

/**
 * The start options of each server, in the topology's order.
 *
 * @throws {RangeError} If there are not enough ports above the first one.
 * @throws {Error} If there are not enough free ports.
 */
export function serversOf(
  topology: Topology,
  options: HerdOptions,
  { free, places, identity, hub }: Shared,
): ServerStart[] {
  const { limits, log, echoCancellation, plantedBug, trace, dataDir, tuning } =
    options;
  const { platform = denoPlatform, world } = options;
  const machines = typeof world === "object" ? world.machines : undefined;
  const secret = options.secret ?? freshSecret(platform);
  const ports = portsOf(free, topology, options.ports ?? "free");
  const waysOf = waysFor(free, options, topology, identity);
  const addressOf = (name: string) => {
    const index = topology.servers.findIndex((server) => server.name === name);
    const hostname = machines?.hostOf(name) ?? LOOPBACK;
    return { name, hostname, port: ports[index]! };
  };
  const hubOf = (name: string) => {
    const told = hub?.optionsOf(name);
    return told && { hub: told };
  };
  return topology.servers.map(({ name }) => ({
    ...addressOf(name),
    ...hubOf(name),
    neighbours: neighboursOf(topology, name).map(addressOf),
    ...waysOf(addressOf(name)),
    secret,
    mode: modeOf(topology, options),
    durable: durableOf(topology, options),
    ...dataDir !== undefined &&
      { dataDir: dataDirOf(dataDir, name) },
    ...log && { log: { directory: log.directory, level: log.level } },
    ...given({ limits, places, echoCancellation, trace, tuning, plantedBug }),
  }));
}

/** How updates are disseminated. */
export function modeOf(
  topology: Topology,
  { mode }: HerdOptions,
): DisseminationMode {
  return mode ?? topology.mode ?? "flood";
}

/** What an acknowledged fix outlasts. */
function durableOf(
  topology: Topology,
  { durable, dataDir }: HerdOptions,
): Durability {
  const usual = dataDir === undefined ? "none" : "disk";
  return durable ?? topology.durable ?? usual;
}

/** The mode, and what acknowledged fixes outlast. */
export function howOf(
  topology: Topology,
  options: HerdOptions,
  { wipe }: World,
): { mode: DisseminationMode; keeping: Keeping } {
  const mode = modeOf(topology, options);
  // Of servers that users bring it is not known.
  if (wipe === undefined) return { mode, keeping: IN_MEMORY };
  const hasDisks = options.dataDir !== undefined;
  const durable = durableOf(topology, options);
  return { mode, keeping: { durable, hasDisks } };
}

function portsOf(
  lease: PortLease,
  { servers }: Topology,
  wish: "free" | "topology" | number,
): number[] {
  if (typeof wish === "number") {
    const max = PORT_MAX - servers.length + 1;
    checkedNumber(wish, "the first port", { min: 1, max, isWhole: true });
    return servers.map((_, index) => wish + index);
  }
  const named = servers.map(({ port }) => wish === "topology" ? port : 0);
  const missing = named.filter((port) => port === 0).length;
  const free = lease.take(missing);
  return named.map((port) => port || free.shift()!);
}
