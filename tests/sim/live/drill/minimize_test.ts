import { assert, assertEquals } from "@std/assert";
import { minimize } from "../../../../sim/live/drill/minimize.ts";
import { runScenario } from "../../../../sim/live/drill/runner.ts";
import {
  drawnNumbers,
  drawSteps,
  textWithDrawn,
} from "../../../../sim/model/scenario/drawn.ts";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import { verdictOf } from "../../../../sim/model/report/result.ts";
import { parseScenario } from "../../../../sim/model/scenario/parse.ts";
import { ANY_WORLD } from "../any_world.ts";

const TOPOLOGY = generateTopology("line:2")!;
const DRILL = `topology: line:2
steps:
  - random: {steps: 12, clients: 2, times: 2, of: [iamat, kill, revive]}
  - revive: all
  - expect: {converged: all, within: 300ms, unless_killed_within: 10s}
`;
const FILE = "drill.yaml";

function read(text: string) {
  const { scenario, problems } = parseScenario(text, FILE, () => TOPOLOGY);
  assertEquals(problems, []);
  return scenario!;
}

for (const plantedBug of ["no-sync", "time-only"] as const) {
  Deno.test(`minimize() leaves the few steps that show the planted bug ${plantedBug}`, async () => {
    const { steps } = read(DRILL);
    const { signal } = new AbortController();
    for (let seed = 1;; seed++) {
      assert(seed < 50, "no seed fails");
      const drawn = drawSteps(steps, TOPOLOGY, seed);
      const text = textWithDrawn(DRILL, drawn);
      const options = { seed, signal, plantedBug };
      const result = await runScenario(read(text), TOPOLOGY, {
        ...ANY_WORLD,
        ...options,
      });
      if (verdictOf(result) !== "failed") continue;
      const smaller: number[] = [];
      const minimal = await minimize({
        text,
        file: FILE,
        topology: TOPOLOGY,
        drawn: drawnNumbers(steps, drawn),
        result,
        servers: ANY_WORLD,
        ...options,
        onSmaller: ({ size }) => smaller.push(size.steps),
      });
      assert(minimal.size.steps <= 8, minimal.text);
      // On a busy machine an attempt may fail for being late, and keep one more.
      assert(minimal.size.clients <= 2, minimal.text);
      assertEquals(smaller.at(-1), minimal.size.steps);
      assertEquals(smaller, smaller.toSorted((a, b) => b - a));
      assert(minimal.replay.failed > 0);
      return;
    }
  });
}
