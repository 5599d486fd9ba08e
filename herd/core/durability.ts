/**
 * What an acknowledgement promises.
 *
 * @module
 */

/** The levels, from the least to the most. */
export const DURABILITY = ["none", "disk", "peer", "all"] as const;

/**
 * What a fix outlasts once it is acknowledged. `none`: nothing that its server
 * does not. `disk`: its server's end. `peer`: the loss of its server too, for a
 * neighbour holds it. `all`: each neighbour that is linked holds it, and one is.
 * Who has a disk holds what is on that.
 */
export type Durability = typeof DURABILITY[number];

/** Whether neighbours must hold what is acknowledged. */
export function isReplicated(durable: Durability): durable is "peer" | "all" {
  return durable === "peer" || durable === "all";
}
