/**
 * The servers that a command line asks for where the name of a world is not
 * enough: those that users bring, or on several hosts.
 *
 * @module
 */
import type { Topology } from "../../model/topology/topology.ts";
import type { Places } from "../places/source.ts";
import type { World } from "../../worlds/world.ts";
import { type BringArguments, bringAsked } from "./bring_options.ts";
import { type HostsArguments, openHosts } from "./hosts_options.ts";

/** What runs the servers; dispose of it after their herds. */
export interface AskedServers extends AsyncDisposable {
  /** The options to start a herd with. */
  readonly options: { readonly world: World; readonly places?: Places };
  /**
   * Aborts when what runs them is lost: what happens to them then is not their
   * fault.
   */
  readonly lost?: AbortSignal;
  /** Whether they are not this project's. */
  readonly isBrought: boolean;
}

/**
 * What is to run the servers; `undefined` if the command line does not say.
 *
 * @param note Gets what was chosen and found out, a line each.
 * @throws {UsageError} If that is not possible.
 */
export async function askedServers(
  { bring, hosts }: {
    readonly bring?: BringArguments;
    readonly hosts?: HostsArguments;
  },
  topology: Topology,
  note: (text: string) => void,
): Promise<AskedServers | undefined> {
  if (bring === undefined) {
    return hosts && await openHosts(hosts, topology, note);
  }
  const brought = await bringAsked(bring, note);
  return {
    options: brought.options,
    isBrought: true,
    [Symbol.asyncDispose]: () => brought[Symbol.asyncDispose](),
  };
}
