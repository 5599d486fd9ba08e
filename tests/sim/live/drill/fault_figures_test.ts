/**
 * What is told of faults that hit nobody, that are healed in part, or that
 * never began, against what the history has of them.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { type DrillResult, runDrill } from "../../../../mod.ts";

async function run(topology: string, steps: string): Promise<DrillResult> {
  const text = `topology: ${topology}\nworld: virtual\n${steps}`;
  return await runDrill({ name: "figures", folder: ".", text }, { seed: 1 });
}

function outcomes({ assessment }: DrillResult): string[] {
  return assessment.checks.map(({ outcome, actual }) =>
    `${outcome}: ${actual}`
  );
}

function noteOf({ steps }: DrillResult, kind: string): string {
  return steps.find(({ step }) => step.kind === kind)?.note ?? "";
}

Deno.test("a fault on nothing is over as it begins, whatever its kind", async () => {
  const none = "targets: all, mode: { percent: 0 }";
  const result = await run(
    "line:2",
    `steps:
  - cut: { ${none}, id: apart }
  - clock_skew: { ${none}, offset: 1s }
  - kill: { ${none} }
  - load: { rate: 10/s, for: 500ms, clients: 2 }
checks:
  - operations == 0 during apart
  - operations == 0 during clock_skew
  - operations == 0 during kill
  - faults.overlapped_updates == 0
  - faults.vacuous == 3
`,
  );
  const { checks } = result.assessment;
  assertEquals(checks.map(({ outcome }) => outcome), checks.map(() => "ok"));
});

Deno.test("a flood of garbage whose servers were down is over once it is healed", async () => {
  const result = await run(
    "line:2",
    `steps:
  - kill: s0
  - garbage: { rate: 100/s, for: 5s, to: s0, background: true, id: g, may: fail }
  - wait: 100ms
  - heal: g
  - revive: s0
  - wait: 500ms
`,
  );
  assertEquals(noteOf(result, "garbage"), "0 of 0 pieces refused");
  assert(result.tookMs < 4_000, `${result.tookMs} ms`);
  const flooded = await run(
    "line:2",
    `steps:
  - kill: s0
  - garbage: { rate: 100/s, for: 1s, to: s0, background: true }
  - revive: s0
checks:
  - faults.garbage.touched >= 50
  - faults.vacuous == 0
`,
  );
  assertEquals(outcomes(flooded).map((it) => it.slice(0, 3)), ["ok:", "ok:"]);
});

Deno.test("greedy clients that are healed on one server are counted once", async () => {
  const result = await run(
    "line:2",
    `steps:
  - greedy: { sends: garbage, to: all, for: 40ms, background: true }
  - wait: 20ms
  - heal: s0
`,
  );
  const answered = /^(\d+) of/.exec(noteOf(result, "greedy"))?.[1];
  const { metrics } = result.assessment;
  assertEquals(metrics.get("faults.greedy.touched"), Number(answered));
});

Deno.test("a nemesis that is ended tells the faults that it has begun", async () => {
  const result = await run(
    "ring:4",
    `steps:
  - parallel:
      - nemesis: { every: 100ms, for: 5s, duration: 50ms, faults: [cut] }
      - faults_end: { from: 1s }
checks:
  - faults.count == 0
`,
  );
  const begun =
    result.history.filter((event) =>
      event.kind === "fault-begin" && event.fault === "cut"
    ).length;
  const note = `${begun} faults (cut ${begun}); ${50 - begun} not begun`;
  assertEquals(noteOf(result, "nemesis"), note);
  assertEquals(outcomes(result), [`fail: faults.count is ${begun}`]);
  assertMatch(noteOf(result, "faults_end"), /^[01] faults? healed$/);
});

Deno.test("expect converged within a time has it for all parts at once", async () => {
  const steps = (within: string) =>
    `steps:
  - cut: s1-s2
  - latency: { targets: s0-s1, latency: 200ms }
  - latency: { targets: s2-s3, latency: 400ms }
  - iamat: { client: kiwi, position: +1+1, to: s0 }
  - iamat: { client: moa, position: +1+1, to: s3 }
  - expect: { converged: reachable, within: ${within} }
`;
  const failures = async (within: string) =>
    (await run("line:4", steps(within))).steps.flatMap(({ failure }) =>
      failure?.expected ?? []
    );
  assertEquals(await failures("300ms"), [
    "equal records on s2, s3 within 300ms",
  ]);
  assertEquals(await failures("500ms"), []);
});
