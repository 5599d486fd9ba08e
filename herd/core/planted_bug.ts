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
] as const;

/**
 * A bug that is planted on purpose. `no-sync`: links come up without a sync, and
 * are never checked. `time-only`: of two fixes with equal times, none is newer.
 * `no-turns`: a connection that always has input never leaves others their turn.
 * `reply-before-sync`: what is to be kept is acknowledged before it is on disk.
 */
export type PlantedBug = typeof PLANTED_BUGS[number];
