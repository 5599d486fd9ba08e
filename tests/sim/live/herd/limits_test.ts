/**
 * Where limits are set, and who goes before whom.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Herd } from "../../../../mod.ts";
import { planOf } from "../../../../sim/live/drill/plan.ts";
import { parseScenarioArguments } from "../../../../sim/live/cli/scenario_options.ts";
import { runScenario } from "../../../../sim/live/drill/runner.ts";
import { passed } from "../../../../sim/model/report/result.ts";
import { parseTopology } from "../../../../sim/model/topology/topology.ts";

const TOPOLOGY = `servers: {Ash: 0, Elm: 0}
links: [[Ash, Elm]]
limits: {client_bytes_max: 4, clients_max: 3}
`;

Deno.test("Herd.start() has its servers keep the topology's limits, unless it is given others", async () => {
  const { topology } = parseTopology(TOPOLOGY, "pair.yaml");
  const long = "IAMAT five5 +1-1 1";
  for (
    const [limits, reply] of [
      [{}, "? IAMAT five5"],
      [{ clientsMax: 9 }, "? IAMAT five5"],
      [{ clientBytesMax: 5 }, "AT Ash "],
    ] as const
  ) {
    await using herd = await Herd.start(topology!, { places: "none", limits });
    await using client = await herd.client("Ash");
    assertStringIncludes(await client.send(long), reply);
  }
});

Deno.test("runScenario() keeps the limits of the topology, the file and the command line, the last before all", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/pair.yaml`, TOPOLOGY);
    const text = `topology: pair.yaml
limits: {clients_max: 2, client_bytes_max: 5}
steps:
  - send: {line: IAMAT sixsix +1-1 1, to: Ash, matches: "^[?] IAMAT sixsix"}
  - send: {line: IAMAT five5 +1-1 1, to: Ash, matches: "^AT Ash"}
  - send: {line: IAMAT b +1-1 1, to: Ash, matches: "^[?] IAMAT b"}
  - send: {line: IAMAT five5 +1-1 99999999999, to: Ash, matches: "^[?] "}
`;
    const options = parseScenarioArguments([
      "drill.yaml",
      "--limit",
      "clients_max=1",
      "--future-max=1h",
    ]);
    assert(typeof options !== "string");
    const file = { name: "drill.yaml", folder, text };
    const { scenario, topology } = planOf(file, options);
    assertEquals(scenario.limits, {
      clientBytesMax: 5,
      clientsMax: 1,
      futureMsMax: 3_600_000,
    });
    const result = await runScenario(scenario, topology, { seed: 7 });
    assert(
      passed(result),
      JSON.stringify(result.steps.map((it) => it.failure)),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
