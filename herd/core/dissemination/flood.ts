/**
 * Flooding: an update goes to every neighbour but the one it came from.
 *
 * @module
 */
import { clientText, type FixSpan } from "../wire/fix.ts";
import type { Link } from "../link/link.ts";
import type { Version } from "../link/version.ts";
import type { Dissemination, DisseminationHost } from "./dissemination.ts";

/** Sends all to all, and has nothing to remember. */
export class Flood implements Dissemination {
  /** What was missed while a link was down comes with the sync. */
  readonly syncs = true;
  readonly #links: DisseminationHost["links"];

  /** A mode for the node behind `host`. */
  constructor({ links }: Pick<DisseminationHost, "links">) {
    this.#links = links;
  }

  spread(client: number, _fix: FixSpan, source: Link | undefined): void {
    for (const link of this.#links.values()) {
      if (link !== source) link.queue(client);
    }
  }

  /** A neighbour in another mode announces: what may be missing is asked for. */
  announced(version: Version, source: Link): void {
    source.graft(clientText(version));
  }

  /** All is sent anyway. */
  grafted(client: number, source: Link): void {
    source.queue(client);
  }
}
