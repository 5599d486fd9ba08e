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
  /** Nothing is learned of a repeat. */
  readonly heedsRepeats = false;

  /** It stays here. */
  spread(): void {}

  /** Never called. */
  repeated(): void {}

  /** What a neighbour holds is asked for when it is wanted. */
  announced(): void {}

  /** A neighbour in another mode asks for a fix. */
  grafted(client: number, source: Link): void {
    source.queue(client);
  }

  /** Nothing is sent anyway. */
  pruned(): void {}

  /** Nothing is kept of a link. */
  linkUp(): void {}

  /** Nothing is kept of a link. */
  linkDown(): void {}

  /** Never called. */
  tick(): boolean {
    return false;
  }
}
