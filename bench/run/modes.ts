/**
 * The modes of dissemination that push every update to every server.
 *
 * @module
 */

/** All of them. */
export const PROACTIVE_MODES = ["flood"] as const;

/** One of them. */
export type ProactiveMode = typeof PROACTIVE_MODES[number];

/** The options of a herd, or of a server, that runs in a mode. */
export function inMode(_mode: ProactiveMode): Record<never, never> {
  return {};
}
