import { gatewaysOf } from "../../../../sim/model/topology/hub.ts";
import { assert, assertEquals } from "@std/assert";
import {
  components,
  neighboursOf,
  parseTopology,
} from "../../../../sim/model/topology/topology.ts";
import { topologyYaml } from "../../../../sim/model/report/topology_yaml.ts";
import { printProblem } from "../../../../sim/model/problem.ts";
import { YAML_ENV } from "../yaml_env.ts";

/** The problems of a text, each `line:column severity: message`. */
function faults(text: string): string[] {
  return parseTopology(text, "herd.yaml").problems.map((problem) =>
    printProblem(problem).split("\n")[0]!.replace("herd.yaml:", "")
  );
}

Deno.test({
  name: "parseTopology() reads servers and links in their order",
  permissions: YAML_ENV,
  fn() {
    const text = "servers: {Elm: 7002, Ash: 0}\nlinks: [[Ash, Elm]]\n";
    assertEquals(parseTopology(text, "some/pair.yaml"), {
      topology: {
        name: "pair",
        servers: [{ name: "Elm", port: 7002 }, { name: "Ash", port: 0 }],
        links: [["Ash", "Elm"]],
      },
      problems: [],
    });
    const named = parseTopology("name: Two\n" + text, "pair.yaml");
    assertEquals(named.topology?.name, "Two");
    const tree = parseTopology("mode: tree\n" + text, "pair.yaml");
    assertEquals(tree.topology?.mode, "tree");
    const kept = parseTopology("durable: peer\n" + text, "pair.yaml");
    assertEquals(kept.topology?.durable, "peer");
    const [problem] = parseTopology("durable: pear\n" + text, "x").problems;
    assert(printProblem(problem!).includes("did you mean peer?"));
    const alone = parseTopology("servers: {Ash: 1}\n", "alone.yaml");
    assertEquals(alone.topology?.links, []);
  },
});

Deno.test({
  name: "parseTopology() tells everything that is wrong at once",
  permissions: YAML_ENV,
  fn() {
    const text = `nmae: broken
servers:
  Alford: 12040
  Bolden: 12040
  2pac: 12042
  all: 12043
  Parker: 99999
  Powell:
  Alford: 12040
links:
  - [Alford, Bolden]
  - [Bolden, Alford]
  - [Powell, Powell]
  - [Powel, Parker]
  - [Alford]
  - Alford-Parker
`;
    assertEquals(faults(text).toSorted(byLine), [
      "1:1: error: unknown field nmae, did you mean name?",
      "4:11: error: port 12040 is Alford's already",
      `5:3: error: "2pac" can't name a server (a letter, then letters, digits, _ . -)`,
      "6:3: error: all can't name a server: it stands for several",
      "7:11: error: Parker needs a port from 0 (a free one) to 65535",
      "8:3: error: Powell needs a port from 0 (a free one) to 65535",
      "9:3: error: Alford stands here twice",
      "12:5: error: Bolden and Alford are linked already",
      "13:5: error: Powell is linked to itself",
      "14:6: error: no server Powel, did you mean Powell?",
      "15:5: error: a link is a pair of servers: [Ash, Elm]",
      "16:5: error: a link is a pair of servers: [Ash, Elm]",
    ]);
    assertEquals(parseTopology(text, "herd.yaml").topology, undefined);
  },
});

function byLine(a: string, b: string): number {
  return parseInt(a) - parseInt(b);
}

Deno.test({
  name: "parseTopology() refuses what is no topology at all",
  permissions: YAML_ENV,
  fn() {
    const table: [string, string][] = [
      ["", "1:1: error: the file is empty"],
      ["- a\n", "1:1: error: a topology is a map with the fields"],
      ["servers: {}\n", "1:10: error: a herd needs a server"],
      ["servers: [Ash]\n", "1:10: error: servers must be a map"],
      ["links: []\n", "1:1: error: servers must be a map"],
      ["servers: {Ash: 1}\nlinks: Ash\n", "2:8: error: links must be a list"],
      ["servers: {Ash: 1\n", "2:1: error: "],
      [
        "servers: {Ash: 1}\nmode: treee\n",
        "2:7: error: the mode is one of flood, tree, ondemand, did you mean tree?",
      ],
      ["servers: {Ash: 1}\nmode: [a]\n", "2:7: error: the mode is one of"],
      ["servers: {Ash: 1}\nlimits: 5\n", "2:9: error: limits must be a map"],
      [
        "servers: {Ash: 1}\nlimits: {query_max: [1s]}\n",
        "2:21: error: query_max must be one value",
      ],
      [
        "servers: {Ash: 1}\nlimits: {querys_max: 5}\n",
        "2:10: error: no limit querys_max, did you mean query_max?",
      ],
      [
        "servers: {Ash: 1}\nlimits: {clients_max: many}\n",
        '2:23: error: clients_max: "many" is no whole number from 0 to 10000000',
      ],
      ["servers: {Ash: 1}\nhub: Ash\n", "2:6: error: hub must be a map"],
      ["servers: {Ash: 1}\nhub: {}\n", "2:6: error: a hub needs a gateway"],
      [
        "servers: {Ash: 1}\nhub: {gateways: [Ahs]}\n",
        "2:18: error: no server Ahs, there is Ash",
      ],
      [
        "servers: {Ash: 1}\nhub: {gateways: Ash, url: http://a}\n",
        "2:27: error: url must be as nats://host:4222",
      ],
      [
        "servers: {Ash: 1}\nhub: {gateways: Ash, address: a}\n",
        "2:22: error: unknown field address",
      ],
    ];
    for (const [text, expected] of table) {
      assert(faults(text)[0]?.startsWith(expected), `${text}: ${faults(text)}`);
    }
  },
});

Deno.test({
  name: "parseTopology() warns of a herd in several parts, and still gives it",
  permissions: YAML_ENV,
  fn() {
    const text = "servers: {A: 1, B: 2, C: 3}\nlinks: [[A, C]]\n";
    const { topology, problems } = parseTopology(text, "parted.yaml");
    assertEquals(
      problems.map((problem) => printProblem(problem).split("\n")[0]),
      [
        "parted.yaml:2:1: warning: no update gets from one part to another: A C | B",
      ],
    );
    assertEquals(components(topology!), [["A", "C"], ["B"]]);
    assertEquals(neighboursOf(topology!, "C"), ["A"]);
    assertEquals(neighboursOf(topology!, "B"), []);
  },
});

Deno.test({
  name:
    "parseTopology() reads a hub, which joins the parts that have a gateway",
  permissions: YAML_ENV,
  fn() {
    const servers = "servers: {A: 1, B: 2, C: 3}\nlinks: [[A, B]]\n";
    const hub = "hub: {gateways: [A, C], url: 'tls://h:1,tls://i:2'}\n";
    const { topology, problems } = parseTopology(servers + hub, "two.yaml");
    assertEquals(problems, []);
    assertEquals(topology?.hub, {
      gateways: ["A", "C"],
      url: "tls://h:1,tls://i:2",
    });
    assertEquals(gatewaysOf(topology!), ["A", "C"]);
    assertEquals(
      parseTopology(topologyYaml(topology!), "again.yaml").topology?.hub,
      topology?.hub,
    );
    const one = parseTopology(servers + "hub: {gateways: A}\n", "one.yaml");
    assertEquals(one.problems.length, 1, "C is alone");
    const none = parseTopology(servers, "none.yaml").topology!;
    assertEquals(gatewaysOf(none), ["A", "C"], "the first of each part");
  },
});

Deno.test({
  name:
    "parseTopology() reads where servers are, and topologyYaml() writes it again",
  permissions: YAML_ENV,
  fn() {
    const servers = "servers:\n" +
      "  Ash: { host: ash.example, port: 12040, ws: 8080, udp: 12040 }\n" +
      "  Elm: { host: 10.0.0.2, port: 12040 }\n  Oak: 12041\n";
    const { topology, problems } = parseTopology(servers, "herd.yaml");
    assertEquals(problems.filter(({ severity }) => severity !== "warning"), []);
    assertEquals(topology?.servers, [
      { name: "Ash", port: 12040, host: "ash.example", ws: 8080, udp: 12040 },
      { name: "Elm", port: 12040, host: "10.0.0.2" },
      { name: "Oak", port: 12041 },
    ]);
    const again = parseTopology(topologyYaml(topology!), "herd.yaml");
    assertEquals(again.topology, topology);
  },
});

Deno.test({
  name: "parseTopology() tells what is wrong with where a server is",
  permissions: YAML_ENV,
  fn() {
    const cases = {
      "{ host: a b, port: 1 }": "the host is a name or an IP address",
      "{ host: a, prot: 1 }": "unknown field prot of Ash",
      "{ host: a, port: 70000 }": "Ash needs a port from 0 to 65535",
      "{ host: a, port: 1, ws: 0 }": "Ash needs a ws from 1 to 65535",
    };
    for (const [text, message] of Object.entries(cases)) {
      const { problems } = parseTopology(
        `servers:\n  Ash: ${text}\n`,
        "x.yaml",
      );
      assert(problems.some((it) => it.message === message), text);
    }
    const same = "servers:\n  Ash: { host: a, port: 1 }\n" +
      "  Elm: { host: a, port: 1 }\n";
    const [problem] = parseTopology(same, "x.yaml").problems;
    assertEquals(problem?.message, "port 1 is Ash's already");
  },
});
