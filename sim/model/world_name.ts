/**
 * The worlds that this project's servers can run in.
 *
 * @module
 */

/** All worlds by name, the default first. */
export const WORLD_NAMES = ["threads", "processes", "virtual"] as const;

/**
 * What runs servers: threads of one process, a process each, or virtual time.
 */
export type WorldName = typeof WORLD_NAMES[number];
