/**
 * Starts the servers of a herd, on free ports and within the limits of the
 * process.
 *
 * @module
 */
import { DEFAULT_LIMITS, type Limits } from "../../../herd/core/limits.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { HerdIncident } from "../../model/events.ts";
import type { FaultController } from "../faults/fault_controller.ts";
import { openHub } from "../hub/herd_hub.ts";
import type { Places } from "../places/places.ts";
import { PortLease } from "../../worlds/port_lease.ts";
import type { ServerStart, World } from "../../worlds/world.ts";
import { NotStarted, PortInUse } from "../servers/ports.ts";
import { Supervisor } from "../servers/supervisor.ts";
import { capacityOf, descriptorsMax, isCapTold } from "./descriptors.ts";
import { serversOf } from "./plan.ts";
import { identityFor } from "./ways.ts";
import type { PlacedOptions } from "./start_options.ts";

/** How often to look for free ports again, if one is taken before its use. */
const PORT_TRIES = 3;

export interface Beginning {
  readonly graph: Topology;
  readonly options: PlacedOptions;
  /** The source of places around a client. */
  readonly places: Places;
  /** What ends with the herd. */
  readonly owned: AsyncDisposableStack;
  /** It has the proxies, and gets the events. */
  readonly faults: FaultController;
  readonly report: (incident: HerdIncident, atMs?: number) => void;
}

/**
 * Starts the servers; again on other free ports, if some were taken in the
 * meantime.
 *
 * @throws {Error} If one does not start, or is not ready in time.
 */
export async function startServers(beginning: Beginning): Promise<Supervisor> {
  const { graph, options, places, owned, faults, report } = beginning;
  const hub = await openHub(graph, options.hub, options, owned);
  const { ports = "free", world } = options;
  const free = owned.use(new PortLease(options.platform));
  const { linkFaults = !world.takesOrders } = options;
  // Servers that know loopback alone reach other machines by proxies.
  const areLed = !world.takesOrders && world.machines !== undefined;
  const limits = limitsFor(graph, options, report);
  world.machines?.place(graph.servers);
  const identity = await identityFor(graph, options);
  for (let tryNumber = 1;; tryNumber++) {
    const trace = options.trace === true && world.sees.has("deliveries");
    const wanted = { ...options, limits, trace };
    const shared = { free, places: places.options, identity, hub };
    const servers = serversOf(graph, wanted, shared);
    const wired = linkFaults || areLed
      ? await faults.proxies.rewire(servers)
      : servers;
    await prepared(world, wired);
    const supervisor = new Supervisor(wired, {
      ...options,
      world,
      onIncident: (incident, atMs) => {
        report(incident, atMs);
        faults.hear(incident, atMs);
      },
      isReachable: (a, b) => faults.isReachable(a, b),
      faultsOf: (a, b) => faults.ofLink(a, b),
    });
    try {
      await supervisor.start();
      faults.attach(supervisor, places, hub);
      return supervisor;
    } catch (error) {
      const again = error instanceof PortInUse && ports === "free" &&
        tryNumber < PORT_TRIES;
      if (!again) throw error;
      const { server, port } = error;
      report({ kind: "start-again", server, port });
    }
  }
}

async function prepared(
  world: World,
  servers: readonly ServerStart[],
): Promise<void> {
  try {
    await world.prepare?.(servers);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new NotStarted(`Cannot start servers: ${error.message}`, {
      cause: error,
    });
  }
}

/** The limits, with connections lowered to the available descriptors. */
function limitsFor(
  graph: Topology,
  { limits, world }: PlacedOptions,
  report: Beginning["report"],
): Partial<Limits> {
  const told = { ...graph.limits, ...limits };
  // Sockets that are not real need no descriptors.
  if (world.host !== undefined) return told;
  const { connectionsMax: asked, handshakesMax } = {
    ...DEFAULT_LIMITS,
    ...told,
  };
  const descriptors = descriptorsMax();
  const each = capacityOf(graph, asked, handshakesMax, descriptors);
  if (isCapTold(each, asked, told.connectionsMax !== undefined)) {
    report({ kind: "connections-capped", descriptors, asked, each });
  }
  return { ...told, connectionsMax: each };
}
