import { assertEquals } from "@std/assert";
import type { DrillResult } from "../../../../sim/model/report/result.ts";
import type { Assessment } from "../../../../sim/model/checks/assess.ts";
import type { MetricValue } from "../../../../sim/model/checks/metrics.ts";
import {
  SAFETY_CHECKS,
  safetyChecksOf,
} from "../../../../sim/model/checks/violation.ts";
import {
  resultsJson,
  runRecord,
} from "../../../../sim/model/report/run_record.ts";
import { PAIR } from "./sample_result.ts";

const STARTED_AT = "2026-03-01T12:00:00.250Z";
const FAILURE = { expected: "Ash dies", actual: "it is dead" };

function drill(
  failure?: typeof FAILURE,
  more?: Partial<Assessment>,
): DrillResult {
  const where = { line: 3, column: 5 };
  return {
    scenario: { name: "drill", file: "d.yaml", topology: "pair", steps: [] },
    topology: "pair",
    seed: 7,
    mode: "flood",
    tookMs: 20,
    steps: [{
      step: { kind: "kill", servers: ["Ash"], where },
      depth: 0,
      startedMs: 1.5,
      tookMs: 2,
      ...failure && { failure },
    }],
    incidents: [],
    residual: ["Ash is stopped"],
    vacuous: [],
    history: [],
    records: new Map(),
    assessment: {
      violations: [],
      unseen: new Map(),
      metrics: new Map<string, MetricValue>([["lost", 0], ["p50", undefined]]),
      phases: new Map([["healthy", new Map([["updates", 3]])]]),
      checks: [],
      ...more,
    },
  };
}

const IN_FLOOD = safetyChecksOf("flood");

Deno.test({
  name: "resultsJson() has the shape that docs/report.md tells",
  permissions: "none",
  fn() {
    assertEquals(
      JSON.parse(resultsJson(runRecord(drill(FAILURE), PAIR, STARTED_AT))),
      {
        format: "herd results",
        version: 2,
        name: "drill",
        file: "d.yaml",
        startedAt: "2026-03-01T12:00:00.250Z",
        tookMs: 20,
        seed: 7,
        mode: "flood",
        topology: {
          name: "pair",
          servers: ["Ash", "Elm"],
          links: [["Ash", "Elm"]],
        },
        verdict: "failed",
        steps: [{
          step: 1,
          kind: "kill",
          text: "kill Ash",
          line: 3,
          column: 5,
          depth: 0,
          isCheck: false,
          startedMs: 1.5,
          tookMs: 2,
          ok: false,
          ...FAILURE,
        }],
        counts: {
          steps: 1,
          checks: 0,
          always: 9,
          failed: 1,
          unknown: 0,
          skipped: 0,
        },
        checks: [...IN_FLOOD, "no server ends unasked"].map((name) => ({
          name: `always: ${name}`,
          outcome: "ok",
          isAlways: true,
          actual: name.startsWith("no server") ? "none did" : "no violation",
        })),
        incidents: [],
        residual: ["Ash is stopped"],
        metrics: { lost: 0 },
        phases: { healthy: { updates: 3 } },
      },
    );
  },
});

Deno.test({
  name: "runRecord() tells violations one by one, and the rest of many",
  permissions: "none",
  fn() {
    const check = IN_FLOOD[0]!;
    const violation = (at: number) => ({ check, atMs: at, text: `bad ${at}` });
    const violations = Array.from({ length: 22 }, (_, at) => violation(at));
    const result = drill(undefined, { violations });
    const { verdict, checks } = runRecord(result, PAIR, STARTED_AT);
    assertEquals(verdict, "failed");
    assertEquals(checks.map(({ outcome }) => outcome), [
      "fail",
      ...IN_FLOOD.slice(1).map(() => "ok"),
      "ok",
    ]);
    const told = checks[0]!.actual.split("\n");
    assertEquals(told.length, 21);
    assertEquals([told[0], told[20]], [
      "0.000s: bad 0",
      "and 2 more violations",
    ]);
  },
});

Deno.test({
  name: "runRecord() has what must hold on demand only where that is the mode",
  permissions: "none",
  fn() {
    const alwaysIn = (mode?: "flood" | "tree" | "ondemand") => {
      const { mode: _, ...others } = drill(undefined);
      const result = { ...others, ...mode && { mode } };
      return runRecord(result, PAIR, STARTED_AT).checks.length;
    };
    assertEquals(alwaysIn("ondemand"), SAFETY_CHECKS.length + 1);
    for (const mode of ["flood", "tree", undefined] as const) {
      assertEquals(alwaysIn(mode), SAFETY_CHECKS.length, mode);
    }
  },
});
