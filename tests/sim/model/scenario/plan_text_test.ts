import { assert, assertEquals } from "@std/assert";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import { planText } from "../../../../sim/model/scenario/plan_text.ts";
import {
  type ParsedScenario,
  parseScenario,
} from "../../../../sim/model/scenario/parse.ts";
import { YAML_ENV } from "../yaml_env.ts";

function parse(text: string): ParsedScenario {
  return parseScenario(text, "drill.yaml", (spec) => generateTopology(spec)!);
}

Deno.test({
  name: "planText() is a scenario with the same plan, and nothing left open",
  permissions: YAML_ENV,
  fn() {
    const text = `description: "yes: no"
topology: ring:4
repeat: 3
params: {who: s1, id: 007}
groups: {two: [$who, s2]}
supervisor: {restart: permanent, backoff: {min: 1ms}}
limits: {clients_max: 007, unsent_bytes_max: 2MiB, idle_max: 90s}
steps:
  - iamat: {client: $id, position: +1+1, to: $who, time: 1.50}
  - parallel:
      - - kill: [two, s3]
        - expect: {client: $id, on: s0, never: [two, others]}
      - repeat: {times: 2, steps: [{wait: 1ms}]}
  - expect: {converged: two}
  - send: {line: "  # a", to: s0, reply: "null"}
checks: [lost == 0]
`;
    const { value, groups, scenario, problems } = parse(text);
    assertEquals(problems, []);
    assert(value !== undefined && groups !== undefined);
    const told = { name: "a drill", topology: "ring:4", seed: 9 };
    assert(scenario !== undefined);
    const plan = planText(value, groups, scenario, told);
    assert(!/two\b|\$|params|repeat: 3/.test(plan), plan);
    const again = parse(plan);
    assertEquals(again.problems, []);
    const plain = (it: unknown) =>
      JSON.parse(JSON.stringify(it, (key, its) => key === "where" ? 0 : its));
    const { repeat: _, ...once } = scenario!;
    assertEquals(
      plain(again.scenario),
      plain({ ...once, name: "a drill", seed: 9 }),
    );
    assertEquals(
      planText(again.value!, again.groups!, again.scenario!, told),
      plan,
      "A plan's plan is itself",
    );
  },
});
