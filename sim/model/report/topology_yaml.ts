/**
 * A topology as text.
 *
 * @module
 */
import type { Topology } from "../topology/topology.ts";

/** A topology as a file that `parseTopology` reads. */
export function topologyYaml({ name, mode, servers, links }: Topology): string {
  return [
    `name: ${JSON.stringify(name)}`,
    ...mode === undefined ? [] : [`mode: ${mode}`],
    "servers:",
    ...servers.map(({ name, port }) => `  ${name}: ${port}`),
    links.length === 0 ? "links: []" : "links:",
    ...links.map(([a, b]) => `  - [${a}, ${b}]`),
    "",
  ].join("\n");
}
