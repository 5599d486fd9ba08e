/**
 * What an acknowledgement guarantees.
 *
 * @module
 */

/** The levels, from weakest to strongest. */
export const DURABILITY = ["none", "disk", "peer", "all"] as const;

/**
 * What an acknowledged fix survives. `none`: nothing that its server does not.
 * `disk`: the end of its server. `peer`: also the loss of its server, because a
 * neighbour holds it. `all`: every linked neighbour holds it, and at least one
 * is linked. A server with a disk has written what it holds to it.
 */
export type Durability = typeof DURABILITY[number];

/** Whether neighbours must hold a fix before it is acknowledged. */
export function isReplicated(durable: Durability): durable is "peer" | "all" {
  return durable === "peer" || durable === "all";
}
