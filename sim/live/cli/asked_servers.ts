/**
 * The servers that a command line asks for, where a world's name does not say it
 * all: those that are brought, or on several hosts.
 *
 * @module
 */
import type { Topology } from "../../model/topology/topology.ts";
import type { Places } from "../places/source.ts";
import type { World } from "../../worlds/world.ts";
import { type BringArguments, bringAsked } from "./bring_options.ts";
import { type HostsArguments, openHosts } from "./hosts_options.ts";

/** What runs them; to be disposed of after their herds. */
export interface AskedServers extends AsyncDisposable {
  /** With which a herd is started. */
  readonly options: { readonly world: World; readonly places?: Places };
  /** Aborted when what runs them is lost: what comes of them then is not theirs. */
  readonly lost?: AbortSignal;
}

/**
 * What is to run servers, if that was told.
 *
 * @param note Gets what was chosen and found out, a line each.
 * @throws {UsageError} If it can't be as it is wanted.
 */
export async function askedServers(
  { bring, hosts }: {
    readonly bring?: BringArguments;
    readonly hosts?: HostsArguments;
  },
  topology: Topology,
  note: (text: string) => void,
): Promise<AskedServers | undefined> {
  if (bring !== undefined) return await bringAsked(bring, note);
  return hosts && await openHosts(hosts, topology);
}
