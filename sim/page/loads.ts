/**
 * The load of each server, second by second.
 *
 * @module
 */
import type { Figures, LinkView, ServerView } from "../model/web/batch.ts";

/** The load of one server at the end of a second. */
export interface Load {
  /** By how many milliseconds its event loop is late; `null` if not known. */
  readonly lagMs: number | null;
  /** Fixes waiting to be sent to neighbours; `null` if not known. */
  readonly queued: number | null;
  /**
   * How many milliseconds the oldest of those has waited; `null` if not known.
   */
  readonly oldestMs: number | null;
}

/** The figures of a second, with each server's load at its end. */
export interface SeenFigures extends Figures {
  /** By server name. */
  readonly loads: ReadonlyMap<string, Load>;
}

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
