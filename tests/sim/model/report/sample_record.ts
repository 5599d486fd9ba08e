import type { RunRecord } from "../../../../sim/model/report/run_record.ts";

/** A run with one step that passed and one that failed. */
export function sampleRecord(more: Partial<RunRecord> = {}): RunRecord {
  const where = { line: 7, column: 5, depth: 0, startedMs: 0, tookMs: 1_500 };
  return {
    format: "herd results",
    version: 2,
    name: "drill",
    file: "drill.yaml",
    startedAt: "2026-03-01T12:00:00.250Z",
    tookMs: 2_000,
    seed: 7,
    mode: "flood",
    topology: {
      name: "pair",
      servers: ["Ash", "Elm"],
      links: [["Ash", "Elm"]],
    },
    verdict: "failed",
    counts: {
      steps: 1,
      checks: 1,
      always: 0,
      failed: 1,
      unknown: 0,
      skipped: 0,
    },
    steps: [
      {
        ...where,
        step: 1,
        kind: "kill",
        text: "kill Ash",
        isCheck: false,
        ok: true,
      },
      {
        ...where,
        step: 2,
        kind: "expect-fix",
        text: "expect kiwi on Elm within 1s",
        isCheck: true,
        ok: false,
        expected: "kiwi on Elm",
        actual: "Elm has nothing\nof kiwi",
      },
    ],
    checks: [],
    incidents: [],
    residual: [],
    metrics: {},
    phases: {},
    ...more,
  };
}
