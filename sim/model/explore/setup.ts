/**
 * What is explored: a small herd, what its clients tell, and one fault.
 *
 * @module
 */
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import type { PlantedBug } from "../../../herd/core/planted_bug.ts";
import type { Topology, TopologyLink } from "../topology/topology.ts";

/** Servers that a herd may have to be explored. */
export const SERVERS_MAX = 3;
/** Fixes that its clients may tell. */
export const FIXES_MAX = 3;

/** What breaks once, at any moment, and is mended at any later one. */
export type Fault =
  | { readonly kind: "none" }
  | { readonly kind: "cut"; readonly link: TopologyLink }
  /** The server's memory is lost, and so are its links. */
  | { readonly kind: "restart"; readonly server: string };

/** A line that a client sends to a server. */
export interface Told {
  readonly server: string;
  /** The line, without its line feed. */
  readonly line: string;
}

/** All that decides what can happen. */
export interface Setup {
  readonly servers: readonly string[];
  readonly links: readonly TopologyLink[];
  readonly mode: DisseminationMode;
  readonly told: readonly Told[];
  readonly fault: Fault;
  readonly plantedBug?: PlantedBug;
}

/**
 * Fixes of one client, told at these servers: the first two of the same time, a
 * third one of a later time.
 */
export function fixesAt(servers: readonly string[]): Told[] {
  return servers.map((server, index) => ({
    server,
    line: `IAMAT kiwi +3${index}.0-118.0 170000000${index > 1 ? 1 : 0}.0`,
  }));
}

/** All faults that a herd of this topology can have one of. */
export function faultsOf({ servers, links }: Topology): Fault[] {
  return [
    ...links.map((link): Fault => ({ kind: "cut", link })),
    ...servers.map(({ name }): Fault => ({ kind: "restart", server: name })),
  ];
}

/** The name of a fault, for people and as an option. */
export function faultName(fault: Fault): string {
  switch (fault.kind) {
    case "none":
      return "none";
    case "cut":
      return fault.link.join("-");
    case "restart":
      return fault.server;
  }
}
