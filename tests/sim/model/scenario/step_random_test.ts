import { assertEquals, assertThrows } from "@std/assert";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import { parseScenario } from "../../../../sim/model/scenario/parse.ts";
import type { Step } from "../../../../sim/model/scenario/scenario.ts";
import {
  stepPaths,
  StepRandom,
} from "../../../../sim/model/scenario/step_random.ts";
import { YAML_ENV } from "../yaml_env.ts";

function stepsOf(steps: string): readonly Step[] {
  const herd = () => generateTopology("ring:3")!;
  return parseScenario(`steps:\n${steps}`, "a.yaml", herd).scenario!.steps;
}

Deno.test({
  name: "stepPaths() names each step by where it stands",
  permissions: YAML_ENV,
  fn() {
    const paths = stepPaths(stepsOf(`
  - wait: 1ms
  - parallel:
      - kill: s1
      - - wait: 2ms
        - repeat:
            times: 2
            steps: [{revive: s1}, {repeat: {times: 3, steps: [{kill: s2}]}}]
  - wait: 3ms
`));
    const named = [...paths].map(([{ kind }, path]) => `${path(0)} ${kind}`);
    assertEquals(named, [
      "0 wait",
      "1 parallel",
      "1.0.0 kill",
      "1.1.0 wait",
      "1.1.1 repeat",
      "1.1.1.0.0 revive",
      "1.1.1.0.1 repeat",
      "1.1.1.0.1.0.0 kill",
      "2 wait",
    ]);
    const inner = [...paths.values()][7]!;
    assertEquals([1, 2, 3, 5].map(inner), [
      "1.1.1.0.1.0.1",
      "1.1.1.0.1.0.2",
      "1.1.1.0.3.0.0",
      "1.1.1.0.3.0.2",
    ]);
  },
});

Deno.test({
  name: "StepRandom.of() draws the same where a repeat is written out",
  permissions: YAML_ENV,
  fn() {
    const load = "load: {rate: 10/s, for: 1s, clients: 3}";
    const repeated = stepsOf(`
  - repeat: {times: 2, steps: [{wait: 1ms}, {${load}}]}
`);
    const written = stepsOf(`
  - parallel: [[{wait: 1ms}, {${load}}, {wait: 1ms}, {${load}}]]
`);
    const [repeat] = repeated;
    const [parallel] = written;
    if (repeat?.kind !== "repeat" || parallel?.kind !== "parallel") {
      throw new Error("The steps are others");
    }
    const draw = (random: StepRandom, step: Step) => {
      random.take(step);
      return [random.of(step).fraction(), random.of(step).fraction()];
    };
    const again = repeat.steps[1]!;
    const random = new StepRandom(repeated, 7);
    assertThrows(() => random.of(again), TypeError);
    const drawn = [draw(random, again), draw(random, again)];
    const copies = [1, 3].map((i) => parallel.branches[0]![i]!);
    const other = new StepRandom(written, 7);
    assertEquals(copies.map((step) => draw(other, step)), drawn);
    assertEquals(new Set(drawn.flat()).size, 4, "Each time others");
  },
});
