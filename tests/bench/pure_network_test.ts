import { assertEquals } from "@std/assert";
import { Usage } from "../../bench/run/costs.ts";
import { PureNetwork } from "../../bench/run/pure_network.ts";
import { SyncPair } from "../../bench/run/sync_bytes.ts";
import { generateTopology } from "../../sim/model/topology/generate.ts";
import { pure } from "../herd/core/pure.ts";

function usage(
  topology: string,
  mode: "flood" | "tree" | "ondemand",
  echoCancellation = true,
): { usage: Usage; servers: number; links: number } {
  const graph = generateTopology(topology)!;
  const network = new PureNetwork(graph, { mode, echoCancellation });
  return {
    usage: new Usage(network),
    servers: graph.servers.length,
    links: graph.links.length,
  };
}

for (const topology of ["line:5", "ring:6", "grid:9", "full:5"]) {
  pure(`PureNetwork floods ${topology} by 2E-(N-1) lines an update`, () => {
    const { usage: flood, servers, links } = usage(topology, "flood", false);
    const { updates, control } = flood.cost(20, () => false);
    assertEquals([updates, control], [2 * links - (servers - 1), 0]);
  });

  pure(
    `PureNetwork spreads an update over ${topology} by N-1 lines of a tree`,
    () => {
      const { usage: tree, servers } = usage(topology, "tree");
      assertEquals(tree.cost(20, () => false).updates, servers - 1);
    },
  );

  pure(`PureNetwork asks all of ${topology} by 2E lines a query`, () => {
    const { usage: ondemand, links } = usage(topology, "ondemand");
    assertEquals(ondemand.cost(10, () => false), {
      updates: 0,
      control: 0,
      bytes: 0,
    });
    assertEquals(ondemand.cost(10, () => true).control, 2 * links);
  });
}

pure("PureNetwork counts the same at each run", () => {
  const cost = () => usage("grid:9", "tree").usage.cost(30, (n) => n % 3 === 0);
  assertEquals(cost(), cost());
});

pure(
  "SyncPair.heal() sends what differs, and next to nothing if nothing does",
  () => {
    const pair = new SyncPair(3_000);
    const [none, one, ten] = [0, 1, 10].map((count) => pair.heal(count));
    assertEquals([none!.updates, one!.updates, ten!.updates], [0, 1, 10]);
    assertEquals(none!.bytes < 100, true);
  },
);
