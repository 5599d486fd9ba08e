/**
 * How updates get from the server that heard them to the others: the seam
 * between the node and the modes.
 *
 * @module
 */
import type { ByteString } from "../bytes/bytes.ts";
import type { FixSpan } from "../wire/fix.ts";
import type { Link } from "../link/link.ts";
import type { Version } from "../link/version.ts";

/**
 * A mode of dissemination. `flood`: an update goes to every neighbour. `tree`:
 * it goes along a tree, and is announced elsewhere. `ondemand`: it stays where
 * it was made, and is asked for.
 */
export type DisseminationMode = typeof MODES[number];

export const MODES = ["flood", "tree", "ondemand"] as const;

/** What a mode has of the node. */
export interface DisseminationHost {
  /** The links that are up, by neighbour. */
  readonly links: ReadonlyMap<ByteString, Link>;
  /**
   * Asks for a tick, `tickMs` of its tuning from now: a mode counts its delays in
   * ticks, so that it needs no clock. Asking twice is asking once.
   */
  arm(): void;
}

/**
 * One mode at work in one node. Clients are told by their number. What a mode
 * leaves out it has no use for.
 */
export interface Dissemination {
  /** Whether two neighbours are to exchange what they hold at link-up. */
  readonly syncs: boolean;
  /** A fix was stored; it came from a client where `source` is left open. */
  spread(client: number, fix: FixSpan, source: Link | undefined): void;
  /** A neighbour has sent the very fix that was held. */
  repeated?(client: number, fix: FixSpan, source: Link): void;
  /**
   * A neighbour tells of a version that it holds and does not send; the version
   * is good for this call only.
   */
  announced?(version: Version, source: Link): void;
  /** A neighbour asks for a client's fix, and for what else comes that way. */
  grafted(client: number, source: Link): void;
  /** A neighbour is not to be sent what a server has heard. */
  pruned?(server: ByteString, source: Link): void;
  /** A link is among those that are up. */
  linkUp?(link: Link): void;
  /** A link is no longer among those that are up. */
  linkDown?(link: Link): void;
  /** A tick; whether another one is wanted. */
  tick?(): boolean;
}
