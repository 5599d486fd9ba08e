/**
 * What to explore: a small herd, what its clients send, and one fault.
 *
 * @module
 */
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import type { PlantedBug } from "../../../herd/core/planted_bug.ts";
import type { Topology, TopologyLink } from "../topology/topology.ts";

export const SERVERS_MAX = 5;
export const FIXES_MAX = 3;

/** What a client asks. */
export const ASKED = "WHATSAT kiwi 10 5";

/** A fault that begins once, at any time, and ends at any later one. */
export type Fault =
  | { readonly kind: "none" }
  | { readonly kind: "cut"; readonly link: TopologyLink }
  /** The server loses its memory and its links. */
  | { readonly kind: "restart"; readonly server: string };

export interface Told {
  readonly server: string;
  /** The line, without its line feed. */
  readonly line: string;
}

/** Everything that decides what can happen. */
export interface Setup {
  readonly servers: readonly string[];
  readonly links: readonly TopologyLink[];
  readonly mode: DisseminationMode;
  readonly told: readonly Told[];
  /** In mode `ondemand`, the server that is asked {@linkcode ASKED} once. */
  readonly asked?: string;
  readonly fault: Fault;
  /**
   * Whether servers write, and notice that a link is down, at any later time.
   * Otherwise they do at once.
   */
  readonly isSlow: boolean;
  readonly plantedBug?: PlantedBug;
}

/**
 * Fixes of one client, sent to these servers: the first two with the same time,
 * a third one with a later time.
 */
export function fixesAt(servers: readonly string[]): Told[] {
  return servers.map((server, index) => ({
    server,
    line: `IAMAT kiwi +3${index}.0-118.0 170000000${index > 1 ? 1 : 0}.0`,
  }));
}

/** All possible faults of a herd with this topology. */
export function faultsOf({ servers, links }: Topology): Fault[] {
  return [
    ...links.map((link): Fault => ({ kind: "cut", link })),
    ...servers.map(({ name }): Fault => ({ kind: "restart", server: name })),
  ];
}

/** The name of a fault, as text and as an option. */
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
