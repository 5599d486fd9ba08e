import { assertEquals } from "@std/assert";
import type { RunRecord } from "../../../sim/model/report/run_record.ts";
import { troublesOf } from "../../../sim/report_page/troubles.ts";
import { sampleRecord } from "../model/report/sample_record.ts";

const [, STEP] = sampleRecord().steps;
const NOTE = "nothing to compare";
const NO_CHECKS = { ...sampleRecord().counts, checks: 0 };

function troubles(more: Partial<RunRecord>): string[] {
  return troublesOf(sampleRecord({ checks: [], ...more })).map((
    { title, where, actual = "" },
  ) => `${title}; ${where}; ${actual}`);
}

Deno.test({
  name:
    "troublesOf() tells which step is unknown, and when nothing was checked",
  permissions: "none",
  fn() {
    const { text } = STEP!;
    const open = { ...STEP!, ok: true, isUnknown: true, note: NOTE };
    const undecided = { ...open, isUndecided: true };
    const told = `${text}; unknown, drill.yaml:7; ${NOTE}`;
    const table: [Partial<RunRecord>, string[]][] = [
      [{ verdict: "unknown", steps: [open] }, [told]],
      [{ verdict: "unknown", steps: [undecided] }, [told]],
      // Another check passed, and this one had nothing to look at.
      [{ verdict: "passed", steps: [open] }, []],
      [{ verdict: "failed", steps: [undecided, STEP!] }, [
        told,
        `${text}; drill.yaml:7; Elm has nothing\nof kiwi`,
      ]],
      [{ verdict: "unknown", steps: [], counts: NO_CHECKS }, [
        "Nothing was checked; no step and no check says what must hold; ",
      ]],
      [{ verdict: "unknown", steps: [] }, [
        "Nothing was checked; all that says what must hold was skipped; ",
      ]],
    ];
    for (const [record, expected] of table) {
      assertEquals(troubles(record), expected);
    }
  },
});
