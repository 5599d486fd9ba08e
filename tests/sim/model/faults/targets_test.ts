import { assert, assertEquals, assertThrows } from "@std/assert";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import {
  linksCut,
  shapeGroups,
  SHAPES,
  withRest,
} from "../../../../sim/model/faults/partition.ts";
import { Random } from "../../../../sim/model/random.ts";
import { chosen, linkTargets } from "../../../../sim/model/faults/targets.ts";
import {
  components,
  type Topology,
} from "../../../../sim/model/topology/topology.ts";

const LINE = generateTopology("line:4")!;
const names = (texts: string[]) =>
  linkTargets(texts, LINE).map(({ name }) => name);

Deno.test({
  name: "linkTargets() finds links, ways of links, links of servers, and all",
  permissions: "none",
  fn() {
    assertEquals(names(["s0-s1"]), ["s0-s1"]);
    assertEquals(names(["s1-s0"]), ["s0-s1"]);
    assertEquals(names(["s1>s0", "s0-s1"]), ["s1>s0", "s0-s1"]);
    assertEquals(names(["s1"]), ["s0-s1", "s1-s2"]);
    assertEquals(names(["s1", "s2", "s1-s2"]), ["s0-s1", "s1-s2", "s2-s3"]);
    assertEquals(names(["all"]).length, 3);
    const dashes: Topology = {
      name: "dashes",
      servers: [{ name: "a-b", port: 0 }, { name: "c", port: 0 }],
      links: [["a-b", "c"]],
    };
    assertEquals(linkTargets(["c-a-b"], dashes)[0]?.name, "a-b-c");
  },
});

Deno.test({
  name: "linkTargets() says what was likely meant",
  permissions: "none",
  fn() {
    const why = (text: string) =>
      assertThrows(() => names([text]), RangeError).message;
    assertEquals(why("s0-s2"), "no link s0-s2, s0 is linked to s1");
    assert(why("s0-t1").includes("did you mean s0-s1?"), why("s0-t1"));
  },
});

Deno.test({
  name: "chosen() takes as many as the mode says, by the seed",
  permissions: "none",
  fn() {
    const all = ["a", "b", "c", "d", "e"];
    const pick = (mode: Parameters<typeof chosen>[1], seed = 1) =>
      chosen(all, mode, new Random(seed));
    assertEquals(pick("all"), all);
    assertEquals(pick("one").length, 1);
    assertEquals(pick({ fixed: 2 }).length, 2);
    assertEquals(pick({ percent: 40 }).length, 2);
    assertEquals(pick({ percent: 1 }).length, 1);
    assertEquals(pick({ fixed: 3 }), pick({ fixed: 3 }));
    const seeds = Array.from({ length: 50 }, (_, seed) => pick("one", seed)[0]);
    assertEquals(new Set(seeds).size, all.length);
    assertEquals(chosen([], "one", new Random(1)), []);
  },
});

Deno.test({
  name: "linksCut() cuts between groups, and leaves who is in two",
  permissions: "none",
  fn() {
    const cut = (...groups: string[][]) =>
      linksCut(groups, LINE).map(({ name }) => name);
    assertEquals(cut(["s0", "s1"]), ["s1-s2"]);
    assertEquals(cut(["s0", "s1"], ["s2", "s3"]), ["s1-s2"]);
    assertEquals(cut(["s0"], ["s2"]), ["s0-s1", "s1-s2", "s2-s3"]);
    assertEquals(cut(["s0", "s1"], ["s1", "s2", "s3"]), []);
    assertEquals(withRest([["s1"]], LINE), [["s1"], ["s0", "s2", "s3"]]);
  },
});

/** A topology without the links that groups cut. */
function without(topology: Topology, groups: string[][]): Topology {
  const gone = linksCut(groups, topology).map(({ link }) => link);
  const links = topology.links.filter((link) => !gone.includes(link));
  return { ...topology, links };
}

Deno.test({
  name: "shapeGroups() gives the sizes that each shape promises",
  permissions: "none",
  fn() {
    for (const spec of ["line:5", "ring:6", "grid:25", "full:7"]) {
      const topology = generateTopology(spec)!;
      const count = topology.servers.length;
      const half = Math.floor(count / 2);
      for (let seed = 0; seed < 20; seed++) {
        const groups = (shape: typeof SHAPES[number]) =>
          shapeGroups(shape, topology, new Random(seed));
        const sizes = (shape: typeof SHAPES[number]) =>
          groups(shape).map(({ length }) => length);
        assertEquals(sizes("halves"), [half, count - half]);
        assertEquals(sizes("majority"), [half + 1, count - half - 1]);
        assertEquals(sizes("isolate_one"), [1, count - 1]);
        const [left, right] = groups("bridge");
        const both = left!.filter((name) => right!.includes(name));
        assertEquals([both.length, new Set([...left!, ...right!]).size], [
          1,
          count,
        ]);
        for (const shape of SHAPES) {
          assertEquals(
            groups(shape),
            groups(shape),
            "the seed alone decides",
          );
        }
        // The first half hangs together, whatever becomes of the other one.
        const [first] = groups("halves");
        const parts = components(without(topology, groups("halves")));
        assert(parts.some((part) => first!.every((it) => part.includes(it))));
      }
    }
  },
});

Deno.test({
  name:
    "shapeGroups() ring: each of a full herd sees a majority, no two the same",
  permissions: "none",
  fn() {
    for (const count of [5, 6, 7, 9]) {
      const topology = generateTopology(`full:${count}`)!;
      const groups = shapeGroups("ring", topology, new Random(3));
      const views = topology.servers.map(({ name }) =>
        [...new Set(groups.filter((it) => it.includes(name)).flat())].toSorted()
      );
      for (const view of views) assert(view.length > count / 2, `${view}`);
      assertEquals(new Set(views.map(String)).size, count);
    }
  },
});

Deno.test({
  name: "shapeGroups() takes a herd of one",
  permissions: "none",
  fn() {
    const lone = generateTopology("line:1")!;
    for (const shape of SHAPES) {
      const groups = shapeGroups(shape, lone, new Random(1));
      assertEquals(linksCut(groups, lone), []);
    }
  },
});

Deno.test({
  name: "chosen() takes none at 0%, and refuses more than there are",
  permissions: "none",
  fn() {
    const five = [1, 2, 3, 4, 5];
    const random = new Random(7, "mode");
    assertEquals(chosen(five, { percent: 0 }, random), []);
    assertEquals(chosen(five, { percent: 0.1 }, random).length, 1);
    assertEquals(chosen(five, { percent: 100 }, random), five);
    assertEquals(chosen(five, { fixed: 5 }, random), five);
    const nine = () => chosen(five, { fixed: 9 }, random);
    const why = assertThrows(nine, Error).message;
    assertEquals(why, "Cannot choose 9 targets: there are 5");
    assertThrows(() => chosen([], { fixed: 1 }, random));
  },
});
