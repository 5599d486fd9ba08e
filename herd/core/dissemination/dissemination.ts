/**
 * How updates get from the server that received them to the others: the
 * interface between the node and the dissemination modes.
 *
 * @module
 */
import type { ByteString } from "../bytes/bytes.ts";
import type { FixSpan } from "../wire/fix.ts";
import type { Link } from "../link/link.ts";
import type { Version } from "../link/version.ts";

/**
 * A mode of dissemination. `flood`: an update goes to every neighbour. `tree`:
 * it goes along a tree, and is announced on other links. `ondemand`: it stays
 * where it was made, and other servers ask for it.
 */
export type DisseminationMode = typeof MODES[number];

export const MODES = ["flood", "tree", "ondemand"] as const;

/** What a mode needs from the node. */
export interface DisseminationNeeds {
  /** Links that are up, by neighbour. */
  readonly links: ReadonlyMap<ByteString, Link>;
  /**
   * Asks for a tick, `tickMs` of its tuning from now. A mode counts its delays
   * in ticks, so that it needs no clock. Asking twice is the same as asking
   * once.
   */
  arm(): void;
}

/**
 * One mode at work in one node. Clients are given by number. Events that a mode
 * does not need are left out.
 */
export interface Dissemination {
  /** Whether two neighbours sync at link-up. */
  readonly syncs: boolean;
  /** A fix was stored. It came from a client if `source` is `undefined`. */
  spread(client: number, fix: FixSpan, source: Link | undefined): void;
  /** A neighbour sent a fix that was held already. */
  repeated?(client: number, fix: FixSpan, source: Link): void;
  /**
   * A neighbour announces a version that it holds and does not send. The
   * version is valid for this call only.
   */
  announced?(version: Version, source: Link): void;
  /**
   * A neighbour asks for a client's fix, and for further updates of that tree.
   */
  grafted(client: number, source: Link): void;
  /** A neighbour asks not to be sent updates of a server. */
  pruned?(server: ByteString, source: Link): void;
  /** A link is up, and in `links`. */
  linkUp?(link: Link): void;
  /** A link is down, and no longer in `links`. */
  linkDown?(link: Link): void;
  /** A tick; returns whether another one is needed. */
  tick?(): boolean;
}
