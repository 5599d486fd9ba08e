/**
 * Bugs that can be planted in a server, to see that drills find them.
 *
 * @module
 */

export const PLANTED_BUGS = [
  "no-sync",
  "time-only",
  "no-turns",
  "reply-before-sync",
  "prune-superseded",
  "graft-forgotten",
  "echo-of-older",
  "bucket-not-marked",
  "slot-reused",
  "redial-not-woken",
  "both-connections",
  "half-line-kept",
  "first-answer",
] as const;

/**
 * A bug that is planted on purpose. `no-sync`: links come up without a sync, and
 * are never checked. `time-only`: of two fixes with equal times, none is newer.
 * `no-turns`: a connection that always has input never leaves others their turn.
 * `reply-before-sync`: what is to be kept is acknowledged before it is on disk.
 * `prune-superseded`: who sends what is older than what is held is pruned from the
 * tree, as who sends what is held. `graft-forgotten`: what a neighbour asks for by
 * GRAFT is not sent. `echo-of-older`: a fix is not sent to who has sent an older
 * one. `bucket-not-marked`: a fix that is replaced does not change the sum of its
 * bucket. `slot-reused`: a full queue gives the oldest slot to the newest client.
 * `redial-not-woken`: who waits to dial again waits for a link to go down.
 * `both-connections`: when both ends have dialled, both connections stay.
 * `half-line-kept`: half a line of a connection that broke begins the next one's
 * first line. `first-answer`: who asks the herd waits for no other answer once one
 * has a fix.
 */
export type PlantedBug = typeof PLANTED_BUGS[number];
