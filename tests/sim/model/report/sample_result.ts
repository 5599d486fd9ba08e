import type { DrillResult } from "../../../../sim/model/report/result.ts";

/** The herd of {@linkcode sampleResult}. */
export const PAIR = {
  name: "pair",
  servers: [{ name: "Ash", port: 0 }, { name: "Elm", port: 0 }],
  links: [["Ash", "Elm"]],
} as const;

/**
 * How a drill ended in which something of each kind was, and some of it failed:
 * three steps that do something, two that check, one check at the end.
 */
export function sampleResult(): DrillResult {
  const step = { depth: 0, startedMs: 1, tookMs: 2 };
  const failure = { expected: "it holds", actual: "it does not" };
  const where = (line: number) => ({ line, column: 5 });
  const kill = { kind: "kill", servers: ["Ash"], where: where(3) } as const;
  const send = {
    kind: "send",
    line: "WHATSAT",
    to: "Elm",
    withinMs: 1,
    where: where(4),
  } as const;
  const violation = { check: "monotonic reads", atMs: 1, text: "Elm" } as const;
  return {
    scenario: { name: "drill", file: "d.yaml", topology: "pair", steps: [] },
    topology: "pair",
    seed: 7,
    mode: "flood",
    tookMs: 20,
    steps: [
      { ...step, step: kill },
      { ...step, step: kill },
      { ...step, step: kill, failure },
      { ...step, step: send },
      { ...step, step: send, failure },
    ],
    incidents: ["Ash crashed", "Elm crashed"],
    residual: [],
    vacuous: [],
    history: [],
    records: new Map(),
    assessment: {
      violations: [violation, violation],
      unseen: new Map(),
      metrics: new Map(),
      phases: new Map(),
      checks: [{
        check: {
          text: "lost == 0",
          left: { metric: "lost", unit: "count" },
          comparison: "==",
          right: { value: 0, unit: "count" },
        },
        outcome: "fail",
        actual: "lost is 1",
        where: where(9),
      }],
    },
  };
}
