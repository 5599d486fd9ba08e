import { assert, assertEquals, assertThrows } from "@std/assert";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import {
  components,
  neighboursOf,
  type Topology,
} from "../../../../sim/model/topology/topology.ts";

function edges(spec: string): string {
  return generateTopology(spec)!.links.map(([a, b]) => `${a}${b}`)
    .join(" ").replaceAll(/s(\d+)s(\d+)/g, "$1-$2");
}

function degrees(topology: Topology): number[] {
  return topology.servers.map(({ name }) =>
    neighboursOf(topology, name).length
  );
}

Deno.test({
  name: "generateTopology() draws each kind as it says",
  permissions: "none",
  fn() {
    const table: [string, string][] = [
      ["line:4", "0-1 1-2 2-3"],
      ["ring:4", "0-1 1-2 2-3 0-3"],
      ["ring:3", "0-1 1-2 0-2"],
      ["ring:2", "0-1"],
      ["star:4", "0-1 0-2 0-3"],
      ["tree:7", "0-1 0-2 0-3 0-4 1-5 1-6"],
      ["tree:7:2", "0-1 0-2 1-3 1-4 2-5 2-6"],
      ["grid:9", "0-1 0-3 1-2 1-4 2-5 3-4 3-6 4-5 4-7 5-8 6-7 7-8"],
      ["grid:5", "0-1 0-3 1-2 1-4 3-4"],
      ["full:4", "0-1 0-2 0-3 1-2 1-3 2-3"],
      ["hubs:7", "0-1 0-2 1-2 0-3 1-4 2-5 0-6"],
      ["hubs:4:2", "0-1 0-2 1-3"],
      ["hubs:2:3", "0-1"],
      ["random:3:2", "0-1 0-2 1-2"],
    ];
    for (const [spec, expected] of table) {
      assertEquals(
        edges(spec).split(" ").toSorted(),
        expected.split(" ")
          .toSorted(),
        spec,
      );
    }
  },
});

Deno.test({
  name: "generateTopology() gives connected herds of any size from 1 up",
  permissions: "none",
  fn() {
    for (
      const kind of [
        "line",
        "ring",
        "star",
        "tree",
        "grid",
        "full",
        "hubs",
        "random",
      ]
    ) {
      for (const size of [1, 2, 3, 4, 5, 7, 10, 25, 50]) {
        const topology = generateTopology(`${kind}:${size}`)!;
        assertEquals(topology.servers.length, size);
        assertEquals(components(topology).length, 1, topology.name);
        const links = topology.links.map((link) => link.toSorted().join());
        assertEquals(new Set(links).size, links.length, "each link once");
        assert(topology.links.every(([a, b]) => a !== b));
      }
    }
  },
});

Deno.test({
  name: "generateTopology() of random gives the degree, and a seed replays it",
  permissions: "none",
  fn() {
    for (
      const [spec, degree] of [["random:50:3", 3], ["random:50:6", 6]] as const
    ) {
      for (let seed = 0; seed < 20; seed++) {
        const topology = generateTopology(spec, seed)!;
        assertEquals(components(topology).length, 1);
        assertEquals(degrees(topology), Array(50).fill(degree));
        assertEquals(generateTopology(spec, seed), topology);
      }
      assert(
        JSON.stringify(generateTopology(spec, 1)) !==
          JSON.stringify(generateTopology(spec, 2)),
      );
    }
    const odd = degrees(generateTopology("random:7:3")!);
    assertEquals(odd.toSorted(), [2, 3, 3, 3, 3, 3, 3]);
  },
});

Deno.test({
  name: "generateTopology() leaves years and files to others",
  permissions: "none",
  fn() {
    for (
      const spec of ["2014", "my/herd.yaml", "ring", "__proto__:3", "C:\\a"]
    ) {
      assertEquals(generateTopology(spec), undefined, spec);
    }
  },
});

Deno.test({
  name: "generateTopology() says what is wrong with the numbers",
  permissions: "none",
  fn() {
    const bad = [
      "ring:0",
      "ring:-1",
      "ring:x",
      "ring:",
      "ring:1.5",
      "ring:1001",
      "ring:8:2",
      "tree:9:0",
      "tree:9:2:1",
      "random:9:1",
      "random:9:x",
    ];
    for (const spec of bad) {
      const error = assertThrows(() => generateTopology(spec), RangeError);
      assert(error.message.includes(spec), error.message);
    }
  },
});
