/**
 * The machines that a world's servers run on, where that is not this one.
 *
 * @module
 */
import type { Spawned } from "./spawned.ts";

/** Machines, and which server runs on which of them. */
export interface Machines {
  /** The address at which servers reach this machine. */
  readonly here: string;
  /**
   * Assigns servers to machines; a server with a `host` runs there, if it is
   * one of them.
   */
  place(
    servers: readonly { readonly name: string; readonly host?: string }[],
  ): void;
  /** The host name or address of a server's machine. */
  hostOf(server: string): string;
  /** The name of a server's machine, unique among them. */
  machineOf(server: string): string;
  /**
   * Starts the proxies on a machine: a process that opens none before it is
   * asked.
   */
  startProxies(machine: string): Spawned;
}
