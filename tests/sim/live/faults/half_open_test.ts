import { assert, assertEquals } from "@std/assert";
import { Herd } from "../../../../mod.ts";
import { parseCommand } from "../../../../sim/model/command/command.ts";
import { parseScenario } from "../../../../sim/model/scenario/parse.ts";
import { writtenAction } from "../../../../sim/model/steps/faults.ts";
import { describeStep } from "../../../../sim/model/steps/kinds.ts";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import { ANY_WORLD } from "../any_world.ts";

const BEFORE = "+34.068930-118.445127";
const AFTER = "+35.068930-118.445127";

Deno.test("half_open is read from a file and the prompt, and written again", () => {
  const file = "topology: line:2\nsteps:\n" +
    "  - half_open: {targets: s0-s1, duration: 2s, id: mute}\n";
  const { scenario, problems } = parseScenario(
    file,
    "drill.yaml",
    (spec) => generateTopology(spec)!,
  );
  assertEquals(problems, []);
  const [step] = scenario!.steps;
  assertEquals(describeStep(step!), "half_open on s0-s1 for 2s");
  assertEquals(writtenAction(step!), {
    half_open: { targets: ["s0-s1"], duration: "2000ms", id: "mute" },
  });
  assertEquals(parseCommand("half_open s0 s1", ["s0", "s1"]), {
    ok: true,
    command: {
      kind: "half_open",
      fault: { kind: "half_open" },
      targets: ["s0-s1"],
    },
  });
});

Deno.test("half_open lets a connection go on, and answers no new one until it is healed", async () => {
  await using herd = await Herd.start("line:2", {
    ...ANY_WORLD,
    linkFaults: true,
  });
  await using fault = await herd.faults.begin({ kind: "half_open" }, ["s0-s1"]);
  await using kiwi = await herd.client("s0");
  const before = await kiwi.iamat("kiwi", BEFORE);
  await herd.propagated(before, { withinMs: 10_000 });
  await herd.reset("s0-s1");
  const after = await kiwi.iamat("kiwi", AFTER);
  await herd.absent(after, { on: ["s1"], forMs: 500 });
  const [record] = await herd.faults.records();
  assert(record!.touched > 0, "It held nothing");
  await fault.heal();
  await herd.propagated(after, { withinMs: 30_000 });
});
