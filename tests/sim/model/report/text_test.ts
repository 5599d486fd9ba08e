import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { describeStep } from "../../../../sim/model/steps/kinds.ts";
import {
  type DrillResult,
  passed,
  type StepResult,
  verdictOf,
} from "../../../../sim/model/report/result.ts";
import {
  resultJson,
  stepJson,
} from "../../../../sim/model/report/result_json.ts";
import { stepLine, summary } from "../../../../sim/model/report/text.ts";
import type { Action } from "../../../../sim/model/scenario/scenario.ts";

const FIX = {
  client: "kiwi",
  server: "Ash",
  line: "AT Ash +0.1 kiwi +1+1 5",
  atMs: 0,
};

function result(step: Action, more: Partial<StepResult> = {}): StepResult {
  const where = { line: 7, column: 5 };
  return {
    step: { ...step, where },
    depth: 0,
    startedMs: 1_234,
    tookMs: 56,
    ...more,
  };
}

function drill(more: Partial<DrillResult>): DrillResult {
  return {
    scenario: {
      name: "drill",
      file: "drill.yaml",
      topology: "2014",
      steps: [],
    },
    topology: "2014",
    seed: 7,
    mode: "flood",
    tookMs: 2_000,
    steps: [],
    history: [],
    records: new Map(),
    assessment: {
      violations: [],
      unseen: new Map(),
      metrics: new Map(),
      phases: new Map(),
      checks: [],
    },
    incidents: [],
    residual: [],
    vacuous: [],
    ...more,
  };
}

const ALWAYS = "invariants: no invented value, no older fix over a newer, " +
  "monotonic reads, no AT from a stranger, replies in order, no repair without a fault, no bad line on a link, one connection a link, no server ends unasked";

const CHECK = {
  text: "lost == 0",
  left: { metric: "lost", unit: "count" },
  comparison: "==",
  right: { value: 0, unit: "count" },
} as const;

const KILL = result({ kind: "kill", servers: ["Powell"] });
const WHERE = {
  kind: "expect-fix",
  client: "kiwi",
  on: ["all"],
  withinMs: 1_000,
  never: [],
  forMs: 1_000,
} as const;

Deno.test({
  name: "describeStep() has a line for each kind",
  permissions: "none",
  fn() {
    const table: [Action, string][] = [
      [
        { kind: "iamat", client: "a", position: "+1+1", to: "A", withinMs: 1 },
        "iamat a +1+1 to A",
      ],
      [
        {
          kind: "whatsat",
          client: "a",
          radius: "1",
          items: 2,
          to: "A",
          withinMs: 1,
        },
        "whatsat a 1 2 to A",
      ],
      [
        { kind: "send", line: "x\t" + "y".repeat(99), to: "A", withinMs: 1 },
        `send "x\\t${"y".repeat(56)}…" to A`,
      ],
      [WHERE, "expect kiwi on all within 1s"],
      [
        { ...WHERE, position: "+1+1", on: [], never: ["A", "B"] },
        "expect kiwi at +1+1 never on A, B for 1s",
      ],
      [
        {
          kind: "expect-converged",
          servers: ["all"],
          withinMs: 5_000,
          lost: 0,
          killedWithinMs: 0,
        },
        "expect converged on all within 5s",
      ],
      [{ kind: "wait", durationMs: 500 }, "wait 500ms"],
      [{ kind: "parallel", branches: [[]] }, "parallel, 1 branch"],
      [{ kind: "repeat", times: 2, steps: [] }, "repeat 2 times"],
      [
        {
          kind: "load",
          ratePerSecond: 10,
          durationMs: 1_000,
          clients: 1,
          to: ["all"],
        },
        "load of 10/s for 1s by 1 client to all",
      ],
      [
        {
          kind: "churn",
          everyMs: 1_000,
          downMs: 0,
          durationMs: 2_000,
          servers: ["A"],
        },
        "churn of A every 1s for 2s",
      ],
    ];
    for (const [step, expected] of table) {
      assertEquals(describeStep(step), expected);
    }
  },
});

Deno.test({
  name: "stepLine() tells when, how long, how it ended and what it found",
  permissions: "none",
  fn() {
    const failure = { expected: "a", actual: "b" };
    assertEquals(stepLine(KILL), "   1.234s     56ms  ok       kill Powell");
    assertEquals(
      stepLine({ ...KILL, depth: 1, note: "gone" }),
      "   1.234s     56ms  ok         kill Powell: gone",
    );
    assertEquals(
      stepLine({ ...KILL, failure }, (text, tone) => `<${tone} ${text}>`),
      "<faint    1.234s     56ms>  <bad FAIL   >  kill Powell (line 7)",
    );
  },
});

Deno.test({
  name: "summary() names each failure with its place, expected and actual",
  permissions: "none",
  fn() {
    const failure = {
      expected: "held by Ash, Elm",
      actual: "held by Ash\n  Elm lacks it",
    };
    const failed = drill({
      steps: [KILL, result(WHERE), result(WHERE, { failure })],
      incidents: ["Elm crashed: out of luck"],
      residual: ["Powell is stopped"],
    });
    assertEquals(passed(failed), false);
    assertEquals(
      summary(failed),
      `drill.yaml:7:5: failed: expect kiwi on all within 1s
  expected: held by Ash, Elm
  actual:   held by Ash
            Elm lacks it

no step asked for it: Elm crashed: out of luck

${ALWAYS} (VIOLATED)
checked:
  FAIL     line 7    expect kiwi on all within 1s (2 times)
left standing at the end: Powell is stopped
drill: FAILED, 1 step, 2 checks and 9 invariants, 2 failed, in 2s (topology 2014, mode flood, seed 7)`,
    );
  },
});

Deno.test({
  name: "summary() tells checks of one line apart",
  permissions: "none",
  fn() {
    const failure = { expected: "a", actual: "b" };
    const two = drill({
      steps: [
        result({ ...WHERE, client: "moa" }, { failure }),
        result(WHERE),
        result(WHERE),
      ],
    });
    assertStringIncludes(
      summary(two),
      "checked:\n" +
        "  FAIL     line 7    expect moa on all within 1s\n" +
        "  ok       line 7    expect kiwi on all within 1s (2 times)\n",
    );
  },
});

Deno.test({
  name: "summary() tells what died with its server apart from what is lost",
  permissions: "none",
  fn() {
    const verdict = {
      clients: 20,
      acknowledged: 30,
      lost: [
        { ...FIX, heldBy: [], missingOn: ["Ash", "Elm"] },
        { ...FIX, client: "moa", heldBy: ["Ash"], missingOn: ["Elm"] },
      ],
      died: Array.from({ length: 12 }, (_, i) => ({
        ...FIX,
        beforeEndMs: i === 0 ? -2 : i,
      })),
    };
    const lines = summary(drill({ steps: [{ ...KILL, verdict }] })).split("\n");
    assertEquals(lines.slice(2, 6), [
      "acknowledged: 30 fixes of 20 clients; lost: 2; died with their server: 12",
      "  kiwi: AT Ash +0.1 kiwi +1+1 5 is on no server that is up",
      "  moa: AT Ash +0.1 kiwi +1+1 5 is missing on Elm",
      "  kiwi: died with Ash, acknowledged as it ended: " +
      "AT Ash +0.1 kiwi +1+1 5",
    ]);
    assertEquals(lines.at(-2), "  and 2 more");
  },
});

Deno.test({
  name:
    "verdictOf() is a failure if anything failed, and needs a check to pass",
  permissions: "none",
  fn() {
    const good = drill({ steps: [result(WHERE)] });
    const { assessment } = good;
    const where = { line: 9, column: 5 };
    const found = (outcome: "ok" | "fail" | "unknown" | "skipped") => ({
      assessment: {
        ...assessment,
        checks: [{ check: CHECK, outcome, actual: "lost is 0", where }],
      },
    });
    const violation = {
      check: "no invented value",
      atMs: 1_500,
      text: "Elm took AT",
    } as const;
    const violated = { assessment: { ...assessment, violations: [violation] } };
    assertEquals(verdictOf(good), "passed");
    assertEquals(verdictOf(drill({ steps: [KILL] })), "unknown");
    const empty = { ...result(WHERE), isUnknown: true };
    assertEquals(verdictOf(drill({ steps: [empty] })), "unknown");
    assertEquals(
      verdictOf({ ...good, steps: [empty, ...good.steps] }),
      "passed",
    );
    const undecided = { ...empty, isUndecided: true };
    const half = { ...good, steps: [undecided, ...good.steps] };
    assertEquals(verdictOf(half), "unknown");
    assert(summary(half).includes("\n  unknown  line 7"));
    assert(summary(drill({ steps: [empty] })).includes("\n  unknown  line 7"));
    assert(stepLine(empty).includes("  unknown  "));
    // What is skipped the next time has not passed either.
    const skipped = { ...result(WHERE), isSkipped: true };
    const never = summary(drill({ steps: [empty, skipped] }));
    assert(never.includes("\n  unknown  line 7"), never);
    const both = drill({ steps: [empty], ...found("skipped") });
    assertStringIncludes(
      summary(both),
      ", 2 checks and 9 invariants, 0 failed, 1 unknown, 1 skipped, in",
    );
    assertEquals(verdictOf({ ...good, incidents: ["Elm crashed"] }), "failed");
    assertEquals(verdictOf(drill(found("ok"))), "passed");
    assertEquals(verdictOf(drill(found("fail"))), "failed");
    assertEquals(verdictOf(drill(found("skipped"))), "unknown");
    assertEquals(verdictOf({ ...good, ...found("skipped") }), "passed");
    assertEquals(verdictOf({ ...good, ...found("unknown") }), "unknown");
    assertEquals(verdictOf({ ...good, ...violated }), "failed");
    assert(
      summary(drill(found("unknown"))).includes(
        "checked:\n  unknown  line 9    lost == 0: lost is 0\n",
      ),
    );
    assert(
      summary({ ...good, ...violated }).startsWith(
        "no invented value: violated 1.500s after the start: Elm took AT\n\n" +
          "invariants: no invented value (VIOLATED), no older",
      ),
    );
  },
});

Deno.test({
  name: "stepJson() and resultJson() are plain data that JSON can carry",
  permissions: "none",
  fn() {
    const failure = { expected: "a", actual: "b" };
    const step = stepJson({ ...KILL, failure });
    assertEquals(step, {
      event: "step",
      kind: "kill",
      step: "kill Powell",
      line: 7,
      column: 5,
      depth: 0,
      startedMs: 1_234,
      tookMs: 56,
      ok: false,
      failure,
    });
    const result = drill({ steps: [KILL, { ...KILL, failure }] });
    const whole = resultJson({ ...result, towns: { "34 -118": ["Bel Air"] } });
    assertEquals(JSON.parse(JSON.stringify(whole)), whole);
    assertEquals([whole["passed"], whole["steps"]], [false, 2]);
    assertEquals(whole["failed"], [step]);
    // What is only for running it again may be much.
    assert(!JSON.stringify(whole).includes("Bel Air"));
  },
});
