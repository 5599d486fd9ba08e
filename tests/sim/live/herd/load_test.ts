import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  loadTopology,
  shippedTopologies,
} from "../../../../sim/live/herd/load.ts";
import { InvalidFile } from "../../../../sim/model/problem.ts";
import { components } from "../../../../sim/model/topology/topology.ts";

Deno.test("loadTopology() finds the herds of eight years, connected, ports in a row", () => {
  const years = [
    "2012",
    "2014",
    "2016",
    "2018",
    "2020",
    "2021",
    "2022",
    "2023",
  ];
  const links = [5, 5, 5, 6, 6, 6, 6, 6];
  assertEquals(shippedTopologies(), [...years, "two-herds"]);
  for (const [i, year] of years.entries()) {
    const topology = loadTopology(year);
    const first = topology.servers[0]!.port;
    assertEquals(topology.name, year);
    assertEquals(topology.servers.map(({ port }) => port - first), [
      0,
      1,
      2,
      3,
      4,
    ]);
    assertEquals(topology.links.length, links[i], year);
    assertEquals(components(topology).length, 1);
  }
});

Deno.test("loadTopology() links the herd of 2022 as its assignment does", () => {
  assertEquals(loadTopology("2022").links, [
    ["Juzang", "Clark"],
    ["Juzang", "Bernard"],
    ["Juzang", "Johnson"],
    ["Bernard", "Jaquez"],
    ["Bernard", "Johnson"],
    ["Jaquez", "Clark"],
  ]);
});

Deno.test("loadTopology() makes generated ones and reads files", () => {
  assertEquals(loadTopology("ring:8").links.length, 8);
  const folder = Deno.makeTempDirSync();
  try {
    const path = `${folder}/pair.yaml`;
    Deno.writeTextFileSync(path, "servers: {A: 1, B: 2}\n");
    const warnings: string[] = [];
    const warn = (text: string) => warnings.push(text);
    assertEquals(loadTopology(path, { warn }).name, "pair");
    assertEquals(loadTopology("pair.yaml", { folder }).name, "pair");
    assertEquals(warnings.length, 1);
    Deno.writeTextFileSync(path, "servers: {A: 1, B: 2}\nlinks: [[A, C]]\n");
    const error = assertThrows(() => loadTopology(path), InvalidFile);
    assertEquals(error.problems.length, 1);
    assert(error.message.includes("pair.yaml:2:13: error: no server C"));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("loadTopology() of nothing there lists what there is", () => {
  const error = assertThrows(() => loadTopology("2015"), Deno.errors.NotFound);
  assert(error.message.includes(`no topology "2015", did you mean 2012?`));
  assert(error.message.includes("2012, 2014, 2016"));
  assert(error.message.includes("ring:8"));
  const ring = assertThrows(() => loadTopology("rng:8"), Deno.errors.NotFound);
  assert(ring.message.includes("did you mean ring?"));
  // A folder is no file with one.
  for (const folder of ["", ".", import.meta.dirname!]) {
    assertThrows(
      () => loadTopology(folder),
      Deno.errors.NotFound,
      "a file: there is none at",
    );
  }
});
