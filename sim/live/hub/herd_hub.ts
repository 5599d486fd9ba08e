/**
 * The hub of a herd: one that runs somewhere, or one that the workbench runs.
 *
 * @module
 */
import type { HubOptions, HubTls } from "../../../herd/net/hub/hub.ts";
import type { Platform } from "../../../herd/net/platform.ts";
import { checkHubName, gatewaysOf } from "../../model/topology/hub.ts";
import { isHubUrl } from "../../model/topology/hub_fields.ts";
import { components, type Topology } from "../../model/topology/topology.ts";
import { Unsupported } from "../../model/unsupported.ts";
import type { RunningHub } from "../../worlds/hub.ts";
import type { World } from "../../worlds/world.ts";
import { hubClient } from "./hub_client.ts";
import { NatsServers } from "./nats_servers.ts";

/** A hub that runs somewhere. */
export interface HubAddress {
  /** `nats://host:4222` or `tls://…`, several of them with commas between. */
  readonly url: string;
  /** The text of a file of credentials. */
  readonly credentials?: string;
  /** What TLS goes by, beside what the system trusts. */
  readonly tls?: HubTls;
}

/** Which hub joins a herd with others. */
export type HubChoice =
  | string
  | HubAddress
  /** The workbench runs one, of so many servers. */
  | { readonly servers: number };

/** The hub of a herd. */
export interface HerdHub {
  /** It, if the workbench runs it. */
  readonly running?: RunningHub;
  /** The servers that are linked to it. */
  readonly gateways: readonly string[];
  /** What a server is told of it; nothing, if it is no gateway. */
  optionsOf(server: string): HubOptions | undefined;
}

/** That servers which are brought can't have a hub. */
export function hubOfBrought(): Unsupported {
  return new Unsupported(
    "Cannot have a hub: servers that are brought know none",
  );
}

/**
 * The hub of a herd, if it has one.
 *
 * @param owned What is to end with the herd.
 * @throws {Unsupported} If it can't have one.
 * @throws {Error} If it can't be started.
 */
export async function openHub(
  topology: Topology,
  choice: HubChoice | undefined,
  { platform, world }: { readonly platform: Platform; readonly world: World },
  owned: AsyncDisposableStack,
): Promise<HerdHub | undefined> {
  const wish = choice ?? topology.hub?.url;
  if (wish === undefined) {
    if (topology.hub === undefined) return undefined;
    throw new Unsupported(
      `Cannot start ${topology.name}: it has gateways, and no hub is told`,
    );
  }
  checkHubName(topology);
  if (!world.takesOrders) throw hubOfBrought();
  const gateways = gatewaysOf(topology);
  if (typeof wish === "object" && "servers" in wish) {
    const running = owned.use(
      world.startHub?.(wish.servers) ??
        await NatsServers.start(
          platform,
          wish.servers,
          gateways,
          world.machines?.here,
        ),
    );
    return hubOf(topology, gateways, (name) => running.address(name), running);
  }
  if (world.host !== undefined) {
    throw new Unsupported("Cannot have a real hub in a world that is not");
  }
  return await hubAt(topology, typeof wish === "string" ? { url: wish } : wish);
}

/**
 * A hub that runs somewhere.
 *
 * @throws {Unsupported} If a herd can't have it.
 * @throws {Error} If its client can't be installed.
 */
export async function hubAt(
  topology: Topology,
  { url, ...secrets }: HubAddress,
): Promise<HerdHub> {
  checkHubName(topology);
  if (!isHubUrl(url)) {
    throw new Unsupported(`Cannot have a hub at "${url}": no nats://…`);
  }
  const told = {
    ...secrets,
    servers: url.split(","),
    client: await hubClient(),
  };
  return hubOf(topology, gatewaysOf(topology), () => told);
}

function hubOf(
  topology: Topology,
  gateways: readonly string[],
  addressOf: (gateway: string) => Omit<HubOptions, "herd">,
  running?: RunningHub,
): HerdHub {
  const parts = components(topology);
  const herdOf = (server: string) =>
    parts.find((part) => part.includes(server)) ?? [];
  return {
    ...running && { running },
    gateways,
    optionsOf: (server) =>
      gateways.includes(server)
        ? { ...addressOf(server), herd: herdOf(server) }
        : undefined,
  };
}
