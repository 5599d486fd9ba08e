/**
 * A topology as text.
 *
 * @module
 */
import { writtenLimits } from "../topology/limits.ts";
import type { Topology, TopologyServer } from "../topology/topology.ts";

/** A topology as YAML text that `parseTopology` reads. */
export function topologyYaml(topology: Topology): string {
  const { name, mode, limits = {}, servers, links, hub } = topology;
  const written = Object.entries(writtenLimits(limits));
  return [
    `name: ${JSON.stringify(name)}`,
    ...mode === undefined ? [] : [`mode: ${mode}`],
    ...written.length === 0 ? [] : ["limits:"],
    ...written.map(([name, text]) => `  ${name}: ${text}`),
    "servers:",
    ...servers.map(serverYaml),
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

function serverYaml({ name, ...fields }: TopologyServer): string {
  const { port, ...more } = fields;
  if (Object.keys(more).length === 0) return `  ${name}: ${port}`;
  const texts = Object.entries(fields).map(([field, value]) =>
    `${field}: ${typeof value === "string" ? JSON.stringify(value) : value}`
  );
  return `  ${name}: { ${texts.join(", ")} }`;
}
