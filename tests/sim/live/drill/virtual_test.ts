/**
 * Drills in virtual time: the same drill, the same checks, and of a seed the
 * same bytes.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { runDrill, summary, verdictOf } from "../../../../mod.ts";
import { readScenario } from "../../../../sim/live/drill/files.ts";
import { planOf } from "../../../../sim/live/drill/plan.ts";
import { runScenario } from "../../../../sim/live/drill/runner.ts";
import { historyLines } from "../../../../sim/model/history.ts";
import { virtualHashes, virtualHashesElsewhere } from "./virtual_seeds.ts";

Deno.test("the same seed gives the same bytes in every process", async () => {
  // The other process begins with others, and so is in another state.
  const [theirs, ours] = await Promise.all([
    virtualHashesElsewhere("fuzz", 0, 25),
    virtualHashes("fuzz", 5, 20),
  ]);
  assertEquals(ours, theirs.slice(5));
  assertEquals(new Set(theirs).size, 25);
  const [many] = await virtualHashes("places-down", 3, 1);
  assertEquals(await virtualHashesElsewhere("places-down", 3, 1), [many]);
});

Deno.test("runDrill() in virtual time passes, and fails where the point is broken", async () => {
  const url = new URL(
    "../../../../sim/scenarios/partition.yaml",
    import.meta.url,
  );
  const text = await Deno.readTextFile(url);
  const run = (text: string) =>
    runDrill({ name: "partition", folder: ".", text }, {
      world: "virtual",
      seed: 7,
    });
  const whole = await run(text);
  assertEquals(verdictOf(whole), "passed", summary(whole));
  const broken = await run(text.replace("  - kill: Parker\n", ""));
  assertEquals(verdictOf(broken), "failed");
  assertStringIncludes(summary(broken), "expect kiwi on Bolden within");
});

Deno.test("a file's `world: virtual` is where its drill runs", async () => {
  const result = await runDrill({
    name: "hours",
    folder: ".",
    text: `
topology: line:3
world: virtual
steps:
  - iamat: { client: kiwi, position: +34.1-118.4, to: s0 }
  - wait: 1h
  - expect: { client: kiwi, on: all }
`,
  }, { seed: 1 });
  assertEquals(verdictOf(result), "passed", summary(result));
  assert(result.tookMs >= 3_600_000);
});

Deno.test("what a server does while it is at work is not told as done after its end", async () => {
  const result = await runDrill({
    name: "at-work",
    folder: ".",
    text: `
topology: line:3
world: virtual
tuning: { work_us: 2000 }
steps:
  - iamat: { client: kiwi, position: +34.1-118.4, to: s1 }
  - repeat:
      times: 20
      steps:
        - restart: s0
        - restart: s2
  - expect: { converged: all, within: 3s }
`,
  }, { seed: 3 });
  assertEquals(verdictOf(result), "passed", summary(result));
});

Deno.test("seeds of fuzz in mode tree form trees, announce what they keep back, and ask for it", async () => {
  const file = await readScenario("fuzz");
  const unseen = new Set(["PRUNE", "IHAVE", "GRAFT"]);
  for (let seed = 0; seed < 60 && unseen.size > 0; seed++) {
    const plan = planOf(file, { seed, world: "virtual", mode: "tree" });
    const { scenario, topology } = plan;
    const { history } = await runScenario(scenario, topology, { seed });
    const text = [...historyLines(history)].join("");
    for (const kind of unseen) {
      if (text.includes(kind)) unseen.delete(kind);
    }
  }
  assertEquals([...unseen], []);
});
