/**
 * Flooding: an update goes to every neighbour but the one it came from.
 *
 * @module
 */
import { clientText, type FixSpan } from "../wire/fix.ts";
import type { Link } from "../link/link.ts";
import type { Version } from "../link/version.ts";
import type { Dissemination, DisseminationNeeds } from "./dissemination.ts";

/** Sends every update to every neighbour; it has no state. */
export class Flood implements Dissemination {
  /** The sync brings what was missed while a link was down. */
  readonly syncs = true;
  readonly #links: DisseminationNeeds["links"];

  constructor({ links }: Pick<DisseminationNeeds, "links">) {
    this.#links = links;
  }

  spread(client: number, _fix: FixSpan, source: Link | undefined): void {
    for (const link of this.#links.values()) {
      if (link !== source) link.queue(client);
    }
  }

  /** A neighbour in another mode announces: ask for what may be missing. */
  announced(version: Version, source: Link): void {
    source.control.graft(clientText(version));
  }

  /** Everything is sent anyway. */
  grafted(client: number, source: Link): void {
    source.queue(client);
  }
}
