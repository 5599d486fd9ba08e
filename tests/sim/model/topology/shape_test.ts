import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { components } from "../../../../sim/model/topology/topology.ts";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import { shapeOf } from "../../../../sim/model/topology/shape.ts";

type Link = readonly [string, string];

/** Any graph of up to eight servers; each link is there or not. */
const graph = fc.integer({ min: 1, max: 8 }).chain((size) => {
  const names = Array.from({ length: size }, (_, at) => `s${at}`);
  const pairs = names.flatMap((a, at) =>
    names.slice(at + 1).map((b): Link => [a, b])
  );
  return fc.subarray(pairs).map((links) => ({ names, links }));
});

function partsOf(names: readonly string[], links: readonly Link[]): number {
  const servers = names.map((name) => ({ name, port: 0 }));
  return components({ name: "", servers, links }).length;
}

function without(
  names: readonly string[],
  links: readonly Link[],
  name: string,
) {
  return partsOf(
    names.filter((it) => it !== name),
    links.filter((link) => !link.includes(name)),
  );
}

/** By trying every loss. */
function weakByTrial(names: readonly string[], links: readonly Link[]) {
  const parts = partsOf(names, links);
  const isAlone = (name: string) => !links.some((it) => it.includes(name));
  return {
    servers: names.filter((name) =>
      !isAlone(name) && without(names, links, name) > parts
    ),
    links: links.filter((link) =>
      partsOf(names, links.filter((it) => it !== link)) > parts
    ).map(([a, b]) => `${a}-${b}`),
  };
}

function diameterByTrial(names: readonly string[], links: readonly Link[]) {
  const far = new Map<string, number>();
  const key = (a: string, b: string) => `${a} ${b}`;
  for (const a of names) far.set(key(a, a), 0);
  for (const [a, b] of links) far.set(key(a, b), 1).set(key(b, a), 1);
  const of = (a: string, b: string) => far.get(key(a, b)) ?? Infinity;
  for (const via of names) {
    for (const a of names) {
      for (const b of names) {
        const way = of(a, via) + of(via, b);
        if (way < of(a, b)) far.set(key(a, b), way);
      }
    }
  }
  return Math.max(...far.values());
}

Deno.test({
  name: "shapeOf() finds the parts, weak places and diameter that trials find",
  permissions: "none",
  fn() {
    fc.assert(fc.property(graph, ({ names, links }) => {
      const shape = shapeOf(names, links);
      const weak = weakByTrial(names, links);
      assertEquals(shape.parts.length, partsOf(names, links));
      assertEquals(shape.parts.flat().sort(), names.toSorted());
      assertEquals(
        shape.parts.map(({ length }) => length),
        shape.parts.map(({ length }) => length).sort((a, b) => b - a),
      );
      assertEquals(shape.cutServers, weak.servers);
      assertEquals(shape.cutLinks.toSorted(), weak.links.toSorted());
      assertEquals(shape.diameter, diameterByTrial(names, links));
    }));
  },
});

Deno.test({
  name: "shapeOf() advises the link that leaves the fewest weak servers",
  permissions: "none",
  fn() {
    fc.assert(fc.property(graph, ({ names, links }) => {
      const { advice, parts } = shapeOf(names, links);
      const missing = names.flatMap((a, at) =>
        names.slice(at + 1).map((b): Link => [a, b])
      ).filter(([a, b]) =>
        !links.some((link) => link.includes(a) && link.includes(b))
      );
      const left = (link: Link) => {
        const { servers, links: lost } = weakByTrial(names, [...links, link]);
        return [servers.length, lost.length] as const;
      };
      if (advice === null) {
        if (parts.length > 1) assertEquals(missing, []);
        return;
      }
      const [a, b] = advice.link.split("-");
      const link = missing.find((it) => it[0] === a && it[1] === b);
      assert(link !== undefined, `${advice.link} is not missing`);
      if (parts.length > 1) {
        assertEquals(partsOf(names, [...links, link]), parts.length - 1);
        return;
      }
      const [servers, lost] = left(link);
      for (const other of missing) {
        const [its, itsLost] = left(other);
        assert(servers < its || servers === its && lost <= itsLost);
      }
    }));
  },
});

Deno.test({
  name:
    "shapeOf() names links as they are named, and advises none that is there",
  permissions: "none",
  fn() {
    const links: Link[] = [["b", "a"], ["c", "b"]];
    const shape = shapeOf(["a", "b", "c"], links);
    assertEquals(shape.cutLinks, ["b-a", "c-b"]);
    assertEquals(shape.advice, {
      link: "a-c",
      why: "with it no single loss parts the herd",
    });
    // The third link is there, but down: another one must help, and none can.
    const known: Link[] = [...links, ["a", "c"]];
    assertEquals(shapeOf(["a", "b", "c"], links, known).advice, null);
    // Links of servers that are down are no links.
    assertEquals(shapeOf(["a", "b"], [["a", "c"]]).parts, [["a"], ["b"]]);
    assertEquals(shapeOf([], []).parts, []);
    const ring = generateTopology("ring:8")!;
    const names = ring.servers.map(({ name }) => name);
    const round = shapeOf(names, ring.links);
    assertEquals([round.cutServers, round.cutLinks], [[], []]);
    assertEquals([round.diameter, round.advice], [4, null]);
  },
});
