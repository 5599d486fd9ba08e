/**
 * What a node counts.
 *
 * @module
 */
/** What a node has done since it began. */
export interface NodeStats {
  /** IAMAT lines that were understood. */
  readonly iamat: number;
  /** WHATSAT lines that were understood, of a known client. */
  readonly whatsat: number;
  /** Client lines that were answered by `?`. */
  readonly bad: number;
  /** Fixes stored, newer than what was held. */
  readonly stored: number;
  /** AT lines that came from neighbours. */
  readonly atIn: number;
  /** AT lines that went out to neighbours. */
  readonly atOut: number;
  /** AT lines that came and were not newer than what was held. */
  readonly duplicates: number;
  /** Checks of idle links that found a fix lost, and had it mended by a sync. */
  readonly repairs: number;
  /** Lines of IHAVE, GRAFT, PRUNE, QUERY and ANSWER that went to neighbours. */
  readonly controlOut: number;
  /** Lines of syncs and checks that went to neighbours. */
  readonly syncOut: number;
  /** Times that the herd was asked for a client. */
  readonly queries: number;
  /** Of those, the ones that some link gave no answer to. */
  readonly queriesPartial: number;
}

export type Counters = { -readonly [K in keyof NodeStats]: number };

/** Counters of a node that has done nothing yet. */
export function zeroStats(): Counters {
  return {
    iamat: 0,
    whatsat: 0,
    bad: 0,
    stored: 0,
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
