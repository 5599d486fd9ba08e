/**
 * Hosts of the internet that programs ask, and that somebody stands in for.
 *
 * @module
 */

/** By host and port, the port of loopback that stands for it. */
export type Hosts = Readonly<Record<string, Readonly<Record<number, number>>>>;
