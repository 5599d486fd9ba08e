/**
 * Dials that came to nothing: why a link is not there, and whether it is worth
 * waiting for.
 *
 * @module
 */
import type { HerdIncident } from "../../model/events.ts";

/** Dials from one end that must fail until more of them are not waited for. */
const FAILURES_ENOUGH = 3;
/** Dials of a link that are remembered, the last ones. */
const KEPT_MAX = 16;

interface FailedDial {
  readonly from: string;
  readonly why: string;
  readonly atMs: number;
}

/** What was done to a link. */
export interface LinkFaults {
  /** The faults that stand on it and do not end by themselves. */
  readonly lasting: readonly string[];
  /** When it was reset, in milliseconds since the epoch, in order. */
  readonly resetsMs: readonly number[];
}

/** What keeps two servers from being linked. */
export interface Obstacle {
  /** The neighbour, and what is known of why it is not linked. */
  readonly text: string;
  /** Whether to wait is in vain: dials fail, and a fault that stays is why. */
  readonly isLasting: boolean;
}

/** The dials of a herd's links that failed since each was last up. */
export class FailedDials {
  readonly #byLink = new Map<string, FailedDial[]>();

  /** Takes note of what the herd reports. */
  hear(incident: HerdIncident, atMs: number): void {
    if (incident.kind === "link-up") {
      this.#byLink.delete(linkOf(incident.server, incident.peer));
    }
    if (incident.kind !== "dial-failed") return;
    const { server: from, peer, why } = incident;
    const link = linkOf(from, peer);
    const dials = this.#byLink.get(link) ?? [];
    this.#byLink.set(link, [...dials, { from, why, atMs }].slice(-KEPT_MAX));
  }

  /**
   * What keeps a server from its neighbour.
   *
   * @param sinceMs When it could be reached first, in milliseconds since the epoch.
   * @param faults What was done to the link.
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
    // What a reset has ended says nothing of the faults that stand.
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
