/**
 * The transports by which a client can reach a server.
 *
 * @module
 */

/** All transports: plain TCP first, which every server has. */
export const VIAS = ["tcp", "tls", "ws", "udp"] as const;

/** The transport of a client's lines. */
export type Via = typeof VIAS[number];

/** The transports that a server may offer in addition to plain TCP. */
export type FurtherVia = Exclude<Via, "tcp">;
