/**
 * On demand: an update stays where it was made, and whoever wants to know asks
 * the herd (`queries.ts`).
 *
 * @module
 */
import type { Link } from "../link/link.ts";
import type { Dissemination } from "./dissemination.ts";

/** Sends nothing unasked. */
export class OnDemand implements Dissemination {
  /** To exchange what is held would be to send all to all, only later. */
  readonly syncs = false;

  /** It stays here. */
  spread(): void {}

  /** A neighbour in another mode asks for a fix. */
  grafted(client: number, source: Link): void {
    source.queue(client);
  }
}
