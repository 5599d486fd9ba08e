/**
 * The end of all faults, and what must hold after it.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { runDrill, summary, verdictOf } from "../../../../mod.ts";
import type { DrillResult } from "../../../../mod.ts";
import { dryRunText, planOf } from "../../../../sim/live/drill/plan.ts";

const KIWI = "iamat: { client: kiwi, position: +1+1, to: s0 }";

async function run(steps: string): Promise<DrillResult> {
  const head = "topology: ring:4\nworld: virtual\nsteps:\n";
  const file = { name: "liveness", folder: ".", text: head + steps };
  return await runDrill(file, { seed: 3 });
}

/** When each fault began. */
function begunMs({ history }: DrillResult): number[] {
  return history.flatMap(({ kind, atMs }) =>
    kind === "fault-begin" ? [atMs] : []
  );
}

function noteOf({ steps }: DrillResult): string | undefined {
  return steps.find(({ step }) => step.kind === "faults_end")?.note;
}

for (
  const going of [
    "nemesis: { every: 200ms, for: 60s, duration: 5s, faults: [kill, cut] }",
    "churn: { every: 700ms, for: 60s, down: 500ms }",
  ]
) {
  const [kind] = going.split(":");
  Deno.test(`faults_end ends a ${kind} beside it, and all that stands`, async () => {
    const result = await run(`
  - ${KIWI}
  - parallel:
      - ${going}
      - faults_end: { from: 4s }
  - ${KIWI}
  - eventually: { converged: all, within: 10s, unless_killed_within: 10s }
`);
    assertEquals(verdictOf(result), "passed", summary(result));
    const begun = begunMs(result);
    assert(begun.length >= 4, `${begun.length} faults`);
    assert(Math.max(...begun) <= 4_000, `${Math.max(...begun)} ms`);
    assert(result.tookMs >= 4_000 && result.tookMs < 20_000);
    assertEquals(result.residual, []);
  });
}

Deno.test("a plan that is written leaves open when a nemesis beside faults_end ends", () => {
  const text = `topology: ring:4
steps:
  - parallel:
      - nemesis: { every: 1s, for: 9s }
      - churn: { every: 1s, for: 9s }
      - faults_end: { from: 4s }
`;
  const file = { name: "open", folder: ".", text };
  const plan = dryRunText(planOf(file, { seed: 3 }), { seed: 3 });
  for (const kept of ["nemesis:", "churn:", "faults_end:", "from: 4s"]) {
    assertStringIncludes(plan, kept);
  }
  assert(!plan.includes("wait:"), plan);
});

Deno.test("faults_end leaves what it is told to, for those who reach each other", async () => {
  const cut = "cut: { targets: [s0-s1, s2-s3], id: gone }";
  const result = await run(`
  - ${cut}
  - ${KIWI}
  - faults_end: { from: 1s, heal: none }
  - ${KIWI}
  - eventually: { converged: reachable, within: 10s }
`);
  assertEquals(verdictOf(result), "passed", summary(result));
  assertEquals(noteOf(result), "1 fault left standing");
  assertEquals(result.residual.length, 1);
  // That all agree it can't be asked for.
  const all = await run(`
  - ${cut}
  - ${KIWI}
  - faults_end: { from: 1s, heal: none }
  - eventually: { converged: all, within: 10s }
`);
  assertEquals(verdictOf(all), "failed");
});

Deno.test("faults_end lets no fault begin after it, but be taken back", async () => {
  const result = await run(`
  - kill: s1
  - parallel:
      - faults_end: { from: 0s, heal: none }
      - - wait: 1s
        - revive: s1
        - heal: all
        - kill: s2
        - cut: s0-s1
        - nemesis: { every: 1s, for: 2s }
  - eventually: { servers: all, state: up }
`);
  const failed = result.steps.flatMap(({ step, failure }) =>
    failure === undefined ? [] : [`${step.kind}: ${failure.actual}`]
  );
  const why = "the end of all faults was before";
  assertEquals(failed, [`kill: ${why}`, `cut: ${why}`, `nemesis: ${why}`]);
  assertEquals(begunMs(result).length, 1);
});

Deno.test("faults_end comes at once where its time is over, and says so", async () => {
  const result = await run(`
  - cut: s0-s1
  - wait: 3s
  - faults_end: { from: 1s }
  - ${KIWI}
  - eventually: { converged: all, within: 10s }
`);
  assertEquals(verdictOf(result), "passed", summary(result));
  assertStringIncludes(noteOf(result)!, "1 fault healed, 2s late");
  assert(result.tookMs < 5_000, `${result.tookMs} ms`);
});
