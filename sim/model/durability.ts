/**
 * What an acknowledgement promises.
 *
 * @module
 */

/** What an acknowledged fix outlasts: nothing that its server does not, or that. */
export const DURABILITY = ["none", "disk"] as const;

/** What an acknowledged fix outlasts. */
export type Durability = typeof DURABILITY[number];
