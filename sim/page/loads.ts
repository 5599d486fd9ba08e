/**
 * How much each server has to do, second by second.
 *
 * @module
 */
import type { Figures, LinkView, ServerView } from "../model/web/batch.ts";

/** How one server stood at the end of a second. */
export interface Load {
  /** By how much its event loop is late, in milliseconds; `null`: not known. */
  readonly lagMs: number | null;
  /** Fixes that wait to be sent to neighbours; `null`: not known. */
  readonly queued: number | null;
  /** How long the oldest of those has waited; `null`: not known. */
  readonly oldestMs: number | null;
}

/** Figures of a second, and how each server stood at its end. */
export interface SeenFigures extends Figures {
  /** By the servers' names. */
  readonly loads: ReadonlyMap<string, Load>;
}

/** How each server stands. */
export function loadsOf(
  servers: Iterable<ServerView>,
  links: Iterable<LinkView>,
): Map<string, Load> {
  const oldest = new Map<string, number>();
  const wait = (server: string, ms: number | null) => {
    if (ms !== null) oldest.set(server, Math.max(ms, oldest.get(server) ?? 0));
  };
  for (const { a, b, lagAB, lagBA } of links) {
    wait(a, lagAB);
    wait(b, lagBA);
  }
  const loads = new Map<string, Load>();
  for (const { name, lagMs, queued } of servers) {
    loads.set(name, { lagMs, queued, oldestMs: oldest.get(name) ?? null });
  }
  return loads;
}
