/**
 * Remembers failed dials: why a link is down, and whether it is worth waiting
 * for.
 *
 * @module
 */
import type { HerdIncident } from "../../model/events.ts";

/** After so many failures from one end, no more are waited for. */
const FAILURES_ENOUGH = 3;
/** How many failed dials of a link are kept, the last ones. */
const KEPT_MAX = 16;

interface FailedDial {
  readonly from: string;
  readonly why: string;
  readonly atMs: number;
}

/** The faults on a link. */
export interface LinkFaults {
  /** Active faults that do not end by themselves. */
  readonly lasting: readonly string[];
  /** When it was reset, in milliseconds since the epoch, in order. */
  readonly resetsMs: readonly number[];
}

/** What keeps a link between two servers down. */
export interface Obstacle {
  /** The neighbour, and what is known of why the link is down. */
  readonly text: string;
  /** Whether waiting is pointless: dials fail because of a fault that lasts. */
  readonly isLasting: boolean;
}

/** The dials of each link that have failed since it was last up. */
export class FailedDials {
  readonly #byLink = new Map<string, FailedDial[]>();

  /** Takes an event of the herd. */
  hear(incident: HerdIncident, atMs: number): void {
    if (incident.kind === "link-up") {
      this.#byLink.delete(linkOf(incident.server, incident.peer));
    }
    // Who answers what no neighbour does gives no link either.
    const isOne = incident.kind === "dial-failed" ||
      incident.kind === "link-refused";
    if (!isOne) return;
    const { server: from, peer, why } = incident;
    const link = linkOf(from, peer);
    const dials = this.#byLink.get(link) ?? [];
    this.#byLink.set(link, [...dials, { from, why, atMs }].slice(-KEPT_MAX));
  }

  /**
   * What keeps a server from its neighbour.
   *
   * @param sinceMs When the neighbour first became reachable, in milliseconds
   * since the epoch.
   * @param faults The faults on the link.
   */
  obstacle(
    server: string,
    peer: string,
    sinceMs: number,
    { lasting, resetsMs }: LinkFaults,
  ): Obstacle {
    const dials = (this.#byLink.get(linkOf(server, peer)) ?? [])
      .filter(({ atMs }) => atMs >= sinceMs);
    const last = dials.at(-1);
    const its = dials.filter(({ from }) => from === last?.from);
    const resets = resetsMs.filter((atMs) => atMs >= sinceMs);
    const text = [
      last === undefined
        ? peer
        : `${peer}: ${its.length} dials from ${last.from} to ` +
          `${last.from === server ? peer : server} failed, ${last.why}`,
      ...lasting.length > 0
        ? [`on that link stands ${lasting.join(", ")}`]
        : [],
      ...resets.length > 0 ? [`it was reset ${resets.length} times`] : [],
    ].join("; ");
    // A dial that a reset has ended tells nothing about active faults.
    const resetMs = resets.at(-1) ?? sinceMs;
    const undisturbed = its.filter(({ atMs }) => atMs >= resetMs);
    const isLasting = lasting.length > 0 &&
      undisturbed.length >= FAILURES_ENOUGH;
    return { text, isLasting };
  }
}

function linkOf(a: string, b: string): string {
  return [a, b].sort().join("-");
}
