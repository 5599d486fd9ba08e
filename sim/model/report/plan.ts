/**
 * `plan.yaml`: a scenario as it was run, so that it can be run again.
 *
 * It is the author's file, comments and all, with what the run decided written
 * into it: the seed, and the topology.
 *
 * @module
 */
import { type Document, isMap, isScalar, parseDocument } from "yaml";
import type { Topology } from "../topology.ts";

/** What a run decided. */
export interface PlanChoices {
  /** The drill's name; the plan's file name would tell another. */
  readonly name: string;
  /** What its random choices followed from. */
  readonly seed: number;
  /** The topology, as the plan's reader finds it. */
  readonly topology: string;
  /** What the comment at the top says; several lines may be. */
  readonly comment?: string;
}

/** An editor's schema line: its path is not seen from where the plan lies. */
const SCHEMA_LINE = /^#\s*yaml-language-server:.*\n?/gm;

/**
 * The plan of a scenario that was read without an error.
 *
 * @param source The scenario's text.
 * @example
 * ```ts
 * import { planYaml } from "./plan.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   planYaml("steps:\n  # dead\n  - kill: s1\n", {
 *     name: "a",
 *     seed: 7,
 *     topology: "ring:3",
 *   }),
 *   "name: a\ntopology: ring:3\nseed: 7\nsteps:\n  # dead\n  - kill: s1\n",
 * );
 * ```
 */
export function planYaml(source: string, choices: PlanChoices): string {
  const { name, seed, topology, comment } = choices;
  const document: Document = parseDocument(source.replace(SCHEMA_LINE, ""), {
    schema: "failsafe",
  });
  setField(document, "seed", String(seed), "steps");
  setField(document, "topology", topology, "seed");
  setField(document, "name", name, "topology");
  const plan = document.toString({ lineWidth: 0 });
  return comment === undefined
    ? plan
    : comment.replace(/^/gm, "# ") + "\n" + plan;
}

/** Sets a field of the file; one that is new goes before another. */
function setField(
  document: Document,
  key: string,
  value: string,
  before: string,
): void {
  const map = document.contents;
  if (!isMap(map)) throw new TypeError("Cannot plan: the file is no map");
  if (map.has(key)) return map.set(key, value);
  const place = map.items.findIndex(({ key }) =>
    isScalar(key) && key.value === before
  );
  const pair = document.createPair(key, value);
  map.items.splice(place < 0 ? 0 : place, 0, pair);
}

/** A topology as a file that `parseTopology` reads. */
export function topologyYaml({ name, servers, links }: Topology): string {
  return [
    `name: ${JSON.stringify(name)}`,
    "servers:",
    ...servers.map(({ name, port }) => `  ${name}: ${port}`),
    links.length === 0 ? "links: []" : "links:",
    ...links.map(([a, b]) => `  - [${a}, ${b}]`),
    "",
  ].join("\n");
}
