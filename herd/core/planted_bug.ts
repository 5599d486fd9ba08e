/**
 * Bugs that can be planted in a server, to show that drills find them.
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
 * A bug that is planted on purpose:
 *
 * - `no-sync`: links come up without a sync, and are never checked.
 * - `time-only`: of two fixes with equal times, neither is newer.
 * - `no-turns`: a connection that always has input never lets others have a
 * turn.
 * - `reply-before-sync`: a fix is acknowledged before it is on disk.
 * - `prune-superseded`: a neighbour that sends an older fix is pruned from the
 * tree, as one that sends the held fix is.
 * - `graft-forgotten`: the fix that a neighbour asks for by GRAFT is not sent.
 * - `echo-of-older`: a fix is not sent to a neighbour that has sent an older
 * one.
 * - `bucket-not-marked`: replacing a fix does not change the sum of its bucket.
 * - `slot-reused`: a full queue gives the oldest slot to the newest client.
 * - `redial-not-woken`: a server that waits to redial waits for a link to go
 * down.
 * - `both-connections`: when both ends have dialled, both connections stay.
 * - `half-line-kept`: half a line of a broken connection begins the first line
 * of the next one.
 * - `first-answer`: a query ends with the first answer that has a fix.
 */
export type PlantedBug = typeof PLANTED_BUGS[number];
