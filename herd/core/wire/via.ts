/**
 * The ways in that a client has to a server: what carries its lines.
 *
 * @module
 */

/** All ways in: plain TCP first, which every server has. */
export const VIAS = ["tcp", "tls", "ws", "udp"] as const;

/** What carries a client's lines. */
export type Via = typeof VIAS[number];

/** The ways in that a server may have beside plain TCP. */
export type FurtherVia = Exclude<Via, "tcp">;
