/**
 * On demand: an update stays where it was made, and a server that needs it asks
 * the herd (`queries.ts`).
 *
 * @module
 */
import type { Link } from "../link/link.ts";
import type { Dissemination } from "./dissemination.ts";

/** Sends nothing unless asked. */
export class OnDemand implements Dissemination {
  /** A sync would send everything to everybody, only later. */
  readonly syncs = false;

  spread(): void {}

  /** A neighbour in another mode asks for a fix. */
  grafted(client: number, source: Link): void {
    source.queue(client);
  }
}
