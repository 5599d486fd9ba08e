/**
 * Which servers of a topology are gateways to a hub, which joins herds.
 *
 * @module
 */
import { HUB } from "../../../herd/core/hub/name.ts";
import { Unsupported } from "../unsupported.ts";
import { components, type Topology } from "./topology.ts";

/**
 * The gateways of a herd with a hub: those that the topology names, or else the
 * first server of each component.
 *
 * @example
 * ```ts
 * import { gatewaysOf } from "./hub.ts";
 * import { generateTopology } from "./generate.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(gatewaysOf(generateTopology("ring:5")!), ["s0"]);
 * ```
 */
export function gatewaysOf(topology: Topology): readonly string[] {
  return topology.hub?.gateways ??
    components(topology).map(([first]) => first!);
}

/** @throws {Unsupported} If a server has the hub's name. */
export function checkHubName(topology: Topology): void {
  if (topology.servers.every(({ name }) => name !== HUB)) return;
  throw new Unsupported(
    `Cannot have a hub: a server of ${topology.name} is called ${HUB}`,
  );
}
