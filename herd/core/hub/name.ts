/**
 * The hub among a server's neighbours.
 *
 * @module
 */

/** Its name where a neighbour's name is expected. */
export const HUB = "hub";
