/**
 * The neighbours of a server.
 *
 * @module
 */

export interface Neighbour {
  readonly name: string;
  /** An IP address or a host name. */
  readonly hostname: string;
  readonly port: number;
}
