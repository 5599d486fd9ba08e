/**
 * The modes of dissemination that push every update to every server.
 *
 * @module
 */

/** All of them. */
export const PROACTIVE_MODES = ["flood", "tree"] as const;

/** One of them. */
export type ProactiveMode = typeof PROACTIVE_MODES[number];

/**
 * Milliseconds from the start of a herd, at least, until trees are learned:
 * links take no part in that in their first seconds.
 */
export const TREES_LEARNED_MS = 4_000;
