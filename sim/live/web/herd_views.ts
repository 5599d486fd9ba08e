/**
 * The state of a herd's servers and links, as watchers are sent it.
 *
 * @module
 */
import type { Topology } from "../../model/topology/topology.ts";
import type { HubStats } from "../../../herd/net/hub/hub_link.ts";
import type { HubView, LinkView, ServerView } from "../../model/web/batch.ts";
import type { ServerStatus } from "../servers/status.ts";
import type { CountersWatch } from "./counters_watch.ts";

/** `restartsInMs` counts from `atMs`. */
export function serverView(
  status: ServerStatus,
  counters: Pick<CountersWatch, "of">,
  restartsAtMs: number | undefined,
  atMs: number,
): ServerView {
  const { name, state, sinceMs, port, restarts } = status;
  const stats = counters.of(name);
  return {
    name,
    state,
    sinceMs,
    port,
    restarts,
    restartsInMs: restartsAtMs === undefined
      ? null
      : Math.max(0, restartsAtMs - atMs),
    records: stats?.records ?? null,
    queued: stats?.queued ?? null,
    clients: stats?.clients ?? null,
    lagMs: stats?.lagMs ?? null,
    memory: stats?.heapBytes ?? null,
    ...stats?.hub && { hub: hubView(stats.hub) },
  };
}

function hubView({ isUp, sinceMs, waiting }: HubStats): HubView {
  return { isUp, sinceMs, waiting };
}

export function linkViews(
  topology: Topology,
  status: readonly ServerStatus[],
  counters: CountersWatch,
): LinkView[] {
  const byName = new Map(status.map((it) => [it.name, it]));
  return topology.links.map(([a, b]) => {
    const [ab, ba] = [counters.ofWay(a, b), counters.ofWay(b, a)];
    return {
      a,
      b,
      isUp: isLinkUp(byName.get(a)!, byName.get(b)!),
      queuedAB: ab?.queued ?? null,
      queuedBA: ba?.queued ?? null,
      lagAB: ab ? ab.waitedS * 1_000 : null,
      lagBA: ba ? ba.waitedS * 1_000 : null,
    };
  });
}

function isLinkUp(a: ServerStatus, b: ServerStatus): boolean | null {
  if (a.seesLinks && b.seesLinks) {
    return a.linked.includes(b.name) && b.linked.includes(a.name);
  }
  return a.state === "up" && b.state === "up" ? null : false;
}

export function upIn(status: readonly ServerStatus[]): string[] {
  return status.filter(({ state }) => state === "up").map(({ name }) => name);
}
