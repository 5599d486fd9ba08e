/**
 * The worlds that this project's servers can run in.
 *
 * @module
 */

/** All of them by their names, the default first. */
export const WORLD_NAMES = ["threads", "processes", "virtual"] as const;

/**
 * What runs servers: threads of one process, a process for each, or virtual
 * time.
 */
export type WorldName = typeof WORLD_NAMES[number];
