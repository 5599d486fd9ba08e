/**
 * Drills with faults that a world can't bring about: what hangs on them is
 * skipped with the reason, and neither passes nor fails.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { runDrill, summary, verdictOf } from "../../../../mod.ts";
import { BroughtWorld } from "../../../../sim/worlds/processes/brought.ts";
import { VirtualWorld } from "../../../../sim/worlds/virtual/virtual.ts";

/** As one of servers that were brought, but for what it runs. */
async function unable(): Promise<VirtualWorld> {
  const folder = await Deno.makeTempDir();
  try {
    const options = { platform: denoPlatform, command: ["none"], folder };
    await using brought = await BroughtWorld.open(options);
    const { cannot, ordersTies } = brought;
    return Object.assign(new VirtualWorld(1), { cannot, ordersTies });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(name: string, text: string) {
  const drill = { name, folder: ".", text };
  const result = await runDrill(drill, { world: await unable(), seed: 1 });
  const notes = result.steps
    .filter(({ isSkipped }) => isSkipped)
    .map(({ note }) => note);
  return { result, notes, told: summary(result) };
}

Deno.test("clock-skew.yaml skips what can't show where no clock can be set", async () => {
  const url = import.meta.resolve("../../../../sim/scenarios/clock-skew.yaml");
  const text = await Deno.readTextFile(new URL(url));
  const { result, notes, told } = await run("clock-skew", text);
  assertEquals(verdictOf(result), "passed", told);
  assertEquals(notes, [
    "servers that were brought do not let anybody set their clocks",
    "the clock of Alford could not be set",
    "servers that were brought do not let anybody set their clocks",
  ]);
});

Deno.test("garbage and greedy are skipped, and so are checks of their figures, where servers take one command a connection", async () => {
  const { result, notes, told } = await run(
    "floods",
    `
topology: line:2
steps:
  - garbage: { rate: 100/s, for: 1s, clients: 2, to: all }
  - greedy: { sends: numbers, for: 1s, to: s0, id: numbers }
  - iamat: { client: kiwi, position: +34.1-118.4, to: s0 }
  - expect: { client: kiwi, on: all }
checks:
  - faults.garbage.touched >= 1
  - ack.p99 < 1s during numbers
`,
  );
  assertEquals(verdictOf(result), "passed", told);
  assertEquals(notes, [
    "servers that were brought take one command a connection, and a forged AT " +
    "from anybody",
    "servers that were brought take one command a connection",
  ]);
  assertStringIncludes(told, "skipped  line 9");
  assertStringIncludes(
    told,
    "numbers: servers that were brought take one command a connection",
  );
});

Deno.test("an answer with another fix of the same time is unknown where nobody knows how servers order them", async () => {
  const { result, told } = await run(
    "ties",
    `
topology: line:2
steps:
  - iamat: { client: kiwi, position: +34.1-118.4, time: 1400000000, to: s0 }
  - iamat: { client: kiwi, position: +35.1-118.4, time: 1400000000, to: s0 }
  - whatsat: { client: kiwi, radius: 10, items: 5, to: s0, as: kiwi }
checks:
  - sessions.read_your_writes.unknown == 1
`,
  );
  assertEquals(verdictOf(result), "passed", told);
});
