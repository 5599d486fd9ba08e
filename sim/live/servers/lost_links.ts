/**
 * Remembers links that went down by silence: a line that takes longer to arrive
 * than a link may be silent never arrives, however often the link is dialled
 * again.
 *
 * @module
 */
import { count } from "../../model/count.ts";
import type { HerdIncident } from "../../model/events.ts";
import type { LinkFaults } from "./failed_dials.ts";

/** How many losses of a link are kept, the last ones. */
const KEPT_MAX = 16;

interface Loss {
  readonly server: string;
  readonly peer: string;
  readonly why: string;
  readonly atMs: number;
}

/** Which links were lost, when and why. */
export class LostLinks {
  readonly #byWay = new Map<string, Loss[]>();

  /** Takes an event of the herd. */
  hear(incident: HerdIncident, atMs: number): void {
    // The other end may only notice that the connection is gone.
    if (incident.kind !== "link-down" || incident.wrong !== "silence") return;
    const { server, peer, why } = incident;
    const way = `${peer}>${server}`;
    const losses = this.#byWay.get(way) ?? [];
    losses.push({ server, peer, why, atMs });
    this.#byWay.set(way, losses.slice(-KEPT_MAX));
  }

  /**
   * The losses since then, one text for each end that gave up.
   *
   * @param faultsOf The faults on a link.
   */
  since(
    sinceMs: number,
    faultsOf: (a: string, b: string) => LinkFaults,
  ): string[] {
    return [...this.#byWay.values()].flatMap((all) => {
      const losses = all.filter(({ atMs }) => atMs >= sinceMs);
      const last = losses.at(-1);
      if (last === undefined) return [];
      const { server, peer, why } = last;
      const { lasting } = faultsOf(server, peer);
      const stands = lasting.length === 0
        ? ""
        : `; on that link stands ${lasting.join(", ")}`;
      const times = count(losses.length, "time");
      return [
        `${server} took its link to ${peer} down ${times}: ${why}${stands}`,
      ];
    });
  }
}
