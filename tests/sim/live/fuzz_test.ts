import { assert, assertEquals } from "@std/assert";
import type { PlantedBug } from "../../../herd/core/node.ts";
import { fuzz, type FuzzRun } from "../../../sim/live/fuzz.ts";
import { generateTopology } from "../../../sim/model/generate.ts";
import { parseScenario } from "../../../sim/model/scenario_parse.ts";

/** A drill; where a bug is planted, it need not wait long to see it. */
function drill(within: string): string {
  return `
steps:
  - random: {steps: 20, clients: 2, times: 3, of: [iamat, kill, revive]}
  - revive: all
  - expect: {converged: all, within: ${within}, unless_killed_within: 10s}
`;
}

async function run(plantedBug: PlantedBug | undefined, runs: number) {
  const seen: FuzzRun[] = [];
  const minimal = await fuzz({
    text: drill(plantedBug ? "300ms" : "5s"),
    file: "drill.yaml",
    topology: generateTopology("ring:4")!,
    seed: 1,
    runs,
    ...plantedBug && { plantedBug },
    signal: new AbortController().signal,
    onRun: (run) => seen.push(run),
    onShrunk: () => {},
  });
  return { minimal, seeds: seen.map(({ seed }) => seed) };
}

Deno.test("fuzz() finds nothing where there is no bug", async () => {
  const { minimal, seeds } = await run(undefined, 3);
  assertEquals(minimal, undefined);
  assertEquals(seeds, [1, 2, 3]);
});

for (const bug of ["no-sync", "time-only"] as const) {
  Deno.test(`fuzz() finds the planted bug ${bug}, and shrinks its plan`, async () => {
    const { minimal } = await run(bug, 20);
    assert(minimal !== undefined);
    assert(minimal.steps <= 8, minimal.text);
    assert(minimal.reproduced.failed > 0);
    const { problems } = parseScenario(
      minimal.text,
      "minimal.yaml",
      () => minimal.topology,
    );
    assertEquals(problems, []);
  });
}
