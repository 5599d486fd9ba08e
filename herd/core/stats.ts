/**
 * Counters of a node.
 *
 * @module
 */
/** The counters of a node that has done nothing yet. */
const ZERO = {
  /** Valid IAMAT lines. */
  iamat: 0,
  /** Valid WHATSAT lines about known clients. */
  whatsat: 0,
  /** Client lines that were answered by `?`. */
  bad: 0,
  /** Fixes stored because they were newer than what was held. */
  stored: 0,
  /** Those of them that came from clients. */
  told: 0,
  /** AT lines received from neighbours. */
  atIn: 0,
  /** AT lines sent to neighbours. */
  atOut: 0,
  /** AT lines received that were not newer than what was held. */
  duplicates: 0,
  /** Checks of idle links that found a fix lost; a sync repaired it. */
  repairs: 0,
  /** Lines of IHAVE, GRAFT, PRUNE, QUERY and ANSWER sent to neighbours. */
  controlOut: 0,
  /** Lines of syncs and checks sent to neighbours. */
  syncOut: 0,
  /** Times that the herd was asked for a client. */
  queries: 0,
  /** Queries that some link did not answer. */
  queriesPartial: 0,
};

/** What a node has done since it began. */
export type NodeStats = { readonly [K in keyof typeof ZERO]: number };

export type Counters = typeof ZERO;

export function zeroStats(): Counters {
  return { ...ZERO };
}
