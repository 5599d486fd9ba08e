import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  InvalidFile,
  NoSuchParameter,
  NoSuchScenario,
  runDrill,
  summary,
  verdictOf,
  WrongTopology,
} from "../../../../mod.ts";
import { ANY_WORLD } from "../any_world.ts";

function drill(steps: string) {
  const text = `params: {who: kiwi}\ntopology: ring:3\nsteps:\n${steps}`;
  return { name: "mine.yaml", folder: ".", text };
}

const UPDATE = "  - iamat: {client: $who, to: s0, position: +1-1}\n";

Deno.test("runDrill() runs a drill, and tells how it came out", async () => {
  const text = drill(
    `${UPDATE}  - expect: {client: $who, on: all, within: 30s}\n`,
  );
  const told: string[] = [];
  const result = await runDrill(text, {
    seed: 7,
    topology: "line:2",
    settings: { who: "plum" },
    onStep: ({ step }) => told.push(step.kind),
  });
  assertEquals(verdictOf(result), "passed", summary(result));
  assertEquals([result.seed, result.topology], [7, "line:2"]);
  assertEquals(told, ["iamat", "expect-fix"]);
  assertStringIncludes(JSON.stringify(result.steps), "plum");

  const failed = await runDrill(
    drill(`${UPDATE}  - expect: {client: $who, never: s0, for: 30s}\n`),
  );
  assertEquals(verdictOf(failed), "failed");
  assertEquals(failed.steps[1]?.failure?.actual.startsWith("held by s0"), true);
});

Deno.test("runDrill() runs a drill that ships by its name", async () => {
  const result = await runDrill("partition", ANY_WORLD);
  assertEquals(verdictOf(result), "passed", summary(result));
});

Deno.test("runDrill() rejects what is wrong before a herd is started", async () => {
  const wait = drill("  - wait: 1ms\n");
  await assertRejects(
    () => runDrill(drill("  - kil: s0\n")),
    InvalidFile,
    "kil",
  );
  await assertRejects(
    () => runDrill("nowhere.yaml"),
    NoSuchScenario,
    "nowhere",
  );
  await assertRejects(
    () => runDrill(wait, { topology: "2015" }),
    WrongTopology,
    "2015",
  );
  await assertRejects(
    () => runDrill(wait, { settings: { whom: "x" } }),
    NoSuchParameter,
    "whom",
  );
});
