/**
 * Partitions: which servers can still reach each other, by groups or by shape.
 * The shapes are Jepsen's.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { type LinkTarget, linkTarget } from "./targets.ts";
import { neighboursOf, type Topology } from "../topology/topology.ts";

export const SHAPES = [
  "halves",
  "majority",
  "isolate_one",
  "bridge",
  "ring",
] as const;

/** A shape of a partition, as in Jepsen. */
export type Shape = typeof SHAPES[number];

/**
 * The links between servers that share no group. Servers in no group form one.
 */
export function linksCut(
  groups: readonly (readonly string[])[],
  topology: Topology,
): LinkTarget[] {
  const all = withRest(groups, topology);
  return topology.links
    .filter(([a, b]) => !all.some((it) => it.includes(a) && it.includes(b)))
    .map(linkTarget);
}

/** The groups, and one of all servers that are in none. */
export function withRest(
  groups: readonly (readonly string[])[],
  topology: Topology,
): (readonly string[])[] {
  const rest = topology.servers.map(({ name }) => name)
    .filter((name) => !groups.some((group) => group.includes(name)));
  return rest.length === 0 ? [...groups] : [...groups, rest];
}

/**
 * Random groups of a shape.
 *
 * `halves`: two, of which the first is connected. `majority`: the same, the
 * first being just more than half. `isolate_one`: one server alone. `bridge`:
 * two halves, and one server in both. `ring`: each server sees a majority, and
 * no two the same.
 */
export function shapeGroups(
  shape: Shape,
  topology: Topology,
  random: Random,
): string[][] {
  const count = topology.servers.length;
  const half = Math.floor(count / 2);
  const grown = grow(topology, random);
  const split = (at: number) => [grown.slice(0, at), grown.slice(at)];
  switch (shape) {
    case "halves":
      return split(half).filter((group) => group.length > 0);
    case "majority":
      return split(half + 1).filter((group) => group.length > 0);
    case "isolate_one":
      return split(1).filter((group) => group.length > 0);
    case "bridge":
      return [grown.slice(0, half + 1), grown.slice(half)];
    case "ring": {
      const ring = random.shuffle(grown);
      const sees = Math.floor((half + 1) / 2) + 1;
      return ring.map((_, at) =>
        Array.from({ length: sees }, (_, i) => ring[(at + i) % count]!)
      );
    }
  }
}

/** All servers; each but the first of a component is next to an earlier one. */
function grow(topology: Topology, random: Random): string[] {
  const order = random.shuffle(topology.servers.map(({ name }) => name));
  const grown = new Set<string>();
  for (const first of order) {
    grown.add(first);
    for (const name of grown) {
      for (const next of random.shuffle(neighboursOf(topology, name))) {
        grown.add(next);
      }
    }
  }
  return [...grown];
}
