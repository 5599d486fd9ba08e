import { assertEquals } from "@std/assert";
import type { TimedAction } from "../../../../sim/model/scenario/actions.ts";
import { describeStep } from "../../../../sim/model/steps/kinds.ts";
import { dryRun } from "../../../../sim/model/scenario/dry_run.ts";
import { parseScenario } from "../../../../sim/model/scenario/parse.ts";
import { openSteps } from "../../../../sim/model/scenario/plan_text.ts";
import type { Step } from "../../../../sim/model/scenario/scenario.ts";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import { YAML_ENV } from "../yaml_env.ts";

const RING = generateTopology("ring:4")!;

function read(text: string): readonly Step[] {
  const { scenario, problems } = parseScenario(text, "a.yaml", () => RING);
  assertEquals(problems, []);
  return scenario!.steps;
}

/** What is predicted, each action in a line. */
function predicted(text: string): string[] {
  const actions = dryRun(read(text), RING, 7);
  return [...actions.values()].flat().flatMap((it) => it ?? []).flat()
    .map(({ action }: TimedAction) => describeStep(action));
}

Deno.test({
  name: "dryRun() chooses the same each time, and by the fault's number",
  permissions: YAML_ENV,
  fn() {
    const text = "steps:\n  - cut: {targets: all, mode: one}\n" +
      "  - cut: {targets: all, mode: {fixed: 2}}\n";
    assertEquals(predicted(text), predicted(text));
    const named = predicted(text.replace("mode: one", "mode: one, id: snip"));
    assertEquals(
      named[1],
      predicted(text)[1],
      "a name changes no other number",
    );
  },
});

Deno.test({
  name: "dryRun() knows who is up as long as nothing comes back by itself",
  permissions: YAML_ENV,
  fn() {
    const open = (text: string) => {
      const steps = read(text);
      return openSteps(steps, dryRun(steps, RING, 7)).map(describeStep);
    };
    const one = "{targets: all, mode: one}";
    assertEquals(open(`steps: [{kill: s1}, {kill: ${one}}]`), []);
    assertEquals(
      open(`steps: [{kill: {targets: s1, duration: 1s}}, {kill: ${one}}]`),
      ["kill all, one of them"],
    );
    const both = `[{kill: ${one}}, {pause: ${one}}, {cut: ${one}}]`;
    assertEquals(open(`steps: [{parallel: ${both}}]`), [
      "kill all, one of them",
      "pause all, one of them",
      "cut on all, one of them",
    ]);
    assertEquals(
      open("steps: [{kill: s1}, {churn: {every: 1s, for: 3s}}]"),
      ["churn of all every 1s for 3s"],
    );
  },
});

Deno.test({
  name:
    "dryRun() chooses servers where a fault is on servers, links where it is on links",
  permissions: YAML_ENV,
  fn() {
    const targets = (step: string) => {
      const steps = read(`steps:\n  - ${step}\n`);
      return [...dryRun(steps, RING, 7).values()].flat(3)
        .flatMap((it) => it !== undefined && "action" in it ? [it.action] : [])
        .flatMap((action) => "targets" in action ? action.targets : []);
    };
    const skew = "offset: 5s, mode: all, id: a";
    const all = targets(`clock_skew: {targets: all, ${skew}}`);
    assertEquals(all, ["s0", "s1", "s2", "s3"]);
    assertEquals(targets(`clock_skew: {targets: [s2, s1], ${skew}}`), [
      "s2",
      "s1",
    ]);
    const links = targets("cut: {targets: all, mode: all, id: a}");
    assertEquals(links, RING.links.map((ends) => ends.join("-")));
    assertEquals(targets("cut: {targets: [s1-s2], mode: one, id: a}"), [
      "s1-s2",
    ]);
  },
});

Deno.test({
  name: "dryRun() tells each turn of a repeat",
  permissions: YAML_ENV,
  fn() {
    const text = "steps:\n  - repeat:\n      times: 3\n      steps:\n" +
      "        - kill: {targets: [s0, s1, s2], mode: one}\n" +
      "        - revive: all\n";
    const [kills] = [...dryRun(read(text), RING, 7).values()];
    assertEquals(kills?.length, 3);
    assertEquals(predicted(text).length, 6);
  },
});
