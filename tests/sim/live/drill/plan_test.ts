import { assert, assertEquals } from "@std/assert";
import { runScenario } from "../../../../sim/live/drill/runner.ts";
import { loadTopology } from "../../../../sim/live/herd/load.ts";
import { printProblems } from "../../../../sim/model/problem.ts";
import {
  actionsOf,
  type DrillResult,
  verdictOf,
} from "../../../../sim/model/report/result.ts";
import { summary } from "../../../../sim/model/report/text.ts";
import { parseScenario } from "../../../../sim/model/scenario/parse.ts";
import {
  openSteps,
  planText,
} from "../../../../sim/model/scenario/plan_text.ts";
import { dryRunText, Planner } from "../../../../sim/live/drill/plan.ts";
import {
  withoutVoidChecks,
  withSteps,
} from "../../../../sim/model/scenario/drawn.ts";
import { dryRun } from "../../../../sim/model/scenario/dry_run.ts";
import { ANY_WORLD } from "../any_world.ts";

const HERD = loadTopology("2014");
const SEED = 5;

/** All that chooses by chance. */
const DRILL = `
steps:
  - iamat: {client: kiwi, position: +1+1, to: Alford}
  - kill: {targets: [Bolden, Powell], mode: one}
  - revive: all
  - pause: {targets: all, mode: {fixed: 2}}
  - resume: all
  - nemesis:
      every: 100ms
      for: 700ms
      duration: 50ms
      faults: [kill, pause, partition, latency, loss, reset]
  - repeat:
      times: 2
      steps:
        - cut: {targets: all, mode: {percent: 40}, duration: 50ms}
        - wait: 80ms
  - partition: {shape: ring, duration: 50ms}
  - churn: {every: 100ms, for: 300ms, down: 10ms}
  - clock_skew: {targets: [Alford, Parker], mode: one, offset: -1s}
  - duplicate: {targets: all, mode: one, percent: 10}
  - heal: all
  - expect: {converged: all, within: 5s, lost: 9}
`;

function read(text: string) {
  const { scenario, value, groups, problems } = parseScenario(
    text,
    "drill.yaml",
    () => HERD,
  );
  assert(scenario && value && groups, printProblems(problems));
  return { scenario, value, groups };
}

/** What was done to whom, in the order of beginning. */
function hits({ history }: DrillResult): string[] {
  return history.flatMap((event) => {
    if (event.kind !== "fault-begin") return [];
    const { fault, targets } = event;
    // It is a mix of others.
    if (fault === "nemesis") return [];
    return [`${fault} ${targets.join()}`];
  });
}

Deno.test("planText() after a run is a plan that hits the same targets", async () => {
  const facts = { name: "drill", topology: "2014", seed: SEED };
  const { scenario, value, groups } = read(DRILL);
  const predicted = dryRun(scenario.steps, HERD, SEED);
  const before = planText(value, groups, scenario, facts, predicted);

  const first = await runScenario(scenario, HERD, {
    ...ANY_WORLD,
    seed: SEED,
  });
  assertEquals(verdictOf(first), "passed", summary(first));
  const actions = actionsOf(first.steps);
  assertEquals(openSteps(scenario.steps, actions), []);
  const after = planText(value, groups, scenario, facts, actions);
  assert(!/mode:|shape:|nemesis:|churn:|repeat:/.test(after), after);

  // Another seed: nothing in the plan is left to it.
  const second = await runScenario(read(after).scenario, HERD, {
    ...ANY_WORLD,
    seed: 6,
  });
  assertEquals(verdictOf(second), "passed", summary(second));
  assertEquals(hits(second), hits(first));

  // Who knows the seed knows them all, but for when each begins.
  assertEquals(openSteps(scenario.steps, predicted), []);
  const untimed = (text: string) =>
    text.replaceAll(/^( *(- )*)wait: \d+ms\n/gm, "").replaceAll(/[- ]+/g, " ");
  assertEquals(untimed(before), untimed(after));
});

/** A drill whose checks are of what may be drawn or not. */
const DRAWN = `topology: "2014"
steps:
  - random: { steps: 6, of: [iamat, cut, timeout, kill], clients: 2 }
  - expect: converged
checks:
  - p50 < 10s
  - p50 < 10s during cut
  - p50 < 10s during timeout
sometimes: [ lines.sync >= 3 during cut ]
`;

Deno.test("Planner writes plans down without checks of faults that were not drawn", () => {
  const options = { seed: 1, world: "virtual" as const };
  const file = { name: "drill.yaml", folder: ".", text: DRAWN };
  const planner = new Planner(file, options);
  const had = new Map<string, Set<boolean>>();
  for (let run = 0; run < 20; run++) {
    const plan = planner.plan(run);
    const text = plan.drawn!.text();
    const of = (text: string) => {
      const { scenario: { checks = [], steps, sometimes } } = read(text);
      assertEquals(sometimes, undefined);
      return {
        parts: checks.map(({ during }) => during ?? "all of it"),
        kinds: new Set<string>(steps.map(({ kind }) => kind)),
        last: steps.length - 1,
      };
    };
    const { parts, kinds, last } = of(text);
    for (const kind of ["cut", "timeout"]) {
      assertEquals(parts.includes(kind), kinds.has(kind), text);
      had.set(kind, (had.get(kind) ?? new Set()).add(kinds.has(kind)));
    }
    assertEquals(of(dryRunText(plan, options)), { parts, kinds, last });
    // Nor when the fault is left out again.
    const none = withoutVoidChecks(withSteps(text, new Set([last])), HERD);
    assertEquals(of(none).parts, ["all of it"]);
  }
  assertEquals([...had.values()].map(({ size }) => size), [2, 2]);
});
