/**
 * The servers that a command line asks for where the name of a world is not
 * enough: those that users bring, or on several hosts.
 *
 * @module
 */
import type { Topology } from "../../model/topology/topology.ts";
import {
  type AskedServers,
  type BringArguments,
  bringAsked,
} from "./bring_options.ts";
import { type HostsArguments, openHosts } from "./hosts_options.ts";

/**
 * What is to run the servers; `undefined` if the command line does not say.
 *
 * @param note Gets what was chosen and found out, a line each.
 * @param signal Ends it; it then rejects with the signal's reason.
 * @throws {UsageError} If that is not possible.
 */
export async function askedServers(
  { bring, hosts }: {
    readonly bring?: BringArguments;
    readonly hosts?: HostsArguments;
  },
  topology: Topology,
  note: (text: string) => void,
  signal: AbortSignal,
): Promise<AskedServers | undefined> {
  return bring
    ? await bringAsked(bring, note, signal)
    : hosts && await openHosts(hosts, topology, note, signal);
}
