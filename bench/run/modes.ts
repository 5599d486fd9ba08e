/**
 * The modes of dissemination that push every update to every server.
 *
 * @module
 */

export const PROACTIVE_MODES = ["flood", "tree"] as const;

export type ProactiveMode = typeof PROACTIVE_MODES[number];

/**
 * Warm-up in milliseconds: until code is compiled and, in mode `tree`, trees
 * are learned. Links take no part in that in their first seconds.
 */
export const WARMUP_MS: Readonly<Record<ProactiveMode, number>> = {
  flood: 2_000,
  tree: 4_000,
};
