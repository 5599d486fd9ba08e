import { assertEquals } from "@std/assert";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import { topologyYaml } from "../../../../sim/model/report/topology_yaml.ts";
import {
  parseTopology,
  type Topology,
} from "../../../../sim/model/topology/topology.ts";
import { YAML_ENV } from "../yaml_env.ts";

Deno.test({
  name: "topologyYaml() is read as the same topology",
  permissions: YAML_ENV,
  fn() {
    const lone: Topology = {
      name: 'a "lone" one',
      servers: [{ name: "null", port: 0 }],
      links: [],
    };
    const limits = { clientsMax: 7, lineBytesMax: 1_000, idleMsMax: 90_000 };
    const limited = { ...generateTopology("line:2")!, limits };
    for (const topology of [generateTopology("ring:5")!, lone, limited]) {
      const read = parseTopology(topologyYaml(topology), "x.yaml");
      assertEquals(read.problems, []);
      assertEquals(read.topology, topology);
    }
  },
});
