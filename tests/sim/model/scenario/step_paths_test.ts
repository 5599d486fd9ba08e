import { assertEquals } from "@std/assert";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import { parseScenario } from "../../../../sim/model/scenario/parse.ts";
import { stepPaths } from "../../../../sim/model/scenario/step_paths.ts";
import { YAML_ENV } from "../yaml_env.ts";

Deno.test({
  name: "stepPaths() names each step by where it stands",
  permissions: YAML_ENV,
  fn() {
    const text = `
steps:
  - wait: 1ms
  - parallel:
      - kill: s1
      - - wait: 2ms
        - repeat: {times: 2, steps: [{revive: s1}]}
  - wait: 3ms
`;
    const { scenario } = parseScenario(
      text,
      "a.yaml",
      () => generateTopology("ring:3")!,
    );
    const paths = [...stepPaths(scenario!.steps)];
    assertEquals(paths.map(([{ kind }, path]) => `${path} ${kind}`), [
      "0 wait",
      "1 parallel",
      "1.0.0 kill",
      "1.1.0 wait",
      "1.1.1 repeat",
      "1.1.1.0 revive",
      "2 wait",
    ]);
  },
});
