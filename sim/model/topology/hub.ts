/**
 * Which servers of a topology are gateways to a hub, which joins herds.
 *
 * @module
 */
import { HUB } from "../../../herd/core/hub/outbox.ts";
import { components, type Topology } from "./topology.ts";

/**
 * The servers that are linked to a hub, if the herd has one: those that the
 * topology names, else the first of each part.
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

/** @throws {RangeError} If a server is called as the hub is. */
export function checkHubName(topology: Topology): void {
  if (topology.servers.every(({ name }) => name !== HUB)) return;
  throw new RangeError(
    `Cannot have a hub: a server of ${topology.name} is called ${HUB}`,
  );
}
