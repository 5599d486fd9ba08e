/**
 * A topology as text.
 *
 * @module
 */
import { writtenLimits } from "../topology/limits.ts";
import type { Topology } from "../topology/topology.ts";

/** A topology as a file that `parseTopology` reads. */
export function topologyYaml(topology: Topology): string {
  const { name, mode, limits = {}, servers, links, hub } = topology;
  const written = Object.entries(writtenLimits(limits));
  return [
    `name: ${JSON.stringify(name)}`,
    ...mode === undefined ? [] : [`mode: ${mode}`],
    ...written.length === 0 ? [] : ["limits:"],
    ...written.map(([name, text]) => `  ${name}: ${text}`),
    "servers:",
    ...servers.map(({ name, port }) => `  ${name}: ${port}`),
    links.length === 0 ? "links: []" : "links:",
    ...links.map(([a, b]) => `  - [${a}, ${b}]`),
    ...hub === undefined ? [] : [
      "hub:",
      `  gateways: [${hub.gateways.join(", ")}]`,
      ...hub.url === undefined ? [] : [`  url: ${JSON.stringify(hub.url)}`],
    ],
    "",
  ].join("\n");
}
