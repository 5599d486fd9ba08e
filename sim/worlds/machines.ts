/**
 * The machines that a world's servers are on, where that is not this one.
 *
 * @module
 */
import type { Spawned } from "./spawned.ts";

/** Machines, and which server is on which of them. */
export interface Machines {
  /** The address of this machine, by which servers reach it. */
  readonly here: string;
  /** Puts servers on them; who has a host of its own is there, if it is one. */
  place(
    servers: readonly { readonly name: string; readonly host?: string }[],
  ): void;
  /** The host name or address of a server's machine. */
  hostOf(server: string): string;
  /** What a server's machine is called; no two have the same name. */
  machineOf(server: string): string;
  /** Starts the proxies on a machine: a process, which opens none before it is asked. */
  startProxies(machine: string): Spawned;
}
