/**
 * Counters of a node.
 *
 * @module
 */
/** What a node has done since it began. */
export interface NodeStats {
  /** Valid IAMAT lines. */
  readonly iamat: number;
  /** Valid WHATSAT lines about known clients. */
  readonly whatsat: number;
  /** Client lines that were answered by `?`. */
  readonly bad: number;
  /** Fixes stored because they were newer than what was held. */
  readonly stored: number;
  /** Those of them that came from clients. */
  readonly told: number;
  /** AT lines received from neighbours. */
  readonly atIn: number;
  /** AT lines sent to neighbours. */
  readonly atOut: number;
  /** AT lines received that were not newer than what was held. */
  readonly duplicates: number;
  /** Checks of idle links that found a fix lost; a sync repaired it. */
  readonly repairs: number;
  /** Lines of IHAVE, GRAFT, PRUNE, QUERY and ANSWER sent to neighbours. */
  readonly controlOut: number;
  /** Lines of syncs and checks sent to neighbours. */
  readonly syncOut: number;
  /** Times that the herd was asked for a client. */
  readonly queries: number;
  /** Queries that some link did not answer. */
  readonly queriesPartial: number;
}

export type Counters = { -readonly [K in keyof NodeStats]: number };

export function zeroStats(): Counters {
  return {
    iamat: 0,
    whatsat: 0,
    bad: 0,
    stored: 0,
    told: 0,
    atIn: 0,
    atOut: 0,
    duplicates: 0,
    repairs: 0,
    controlOut: 0,
    syncOut: 0,
    queries: 0,
    queriesPartial: 0,
  };
}
