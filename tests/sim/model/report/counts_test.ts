import { assertEquals, assertStringIncludes } from "@std/assert";
import { summary } from "../../../../sim/model/report/text.ts";
import { countsOf } from "../../../../sim/model/report/counts.ts";
import { junitXml } from "../../../../sim/model/report/junit.ts";
import { runRecord } from "../../../../sim/model/report/run_record.ts";
import { PAIR, sampleResult } from "./sample_result.ts";

Deno.test({
  name: "countsOf() is what console, results.json and junit.xml all count",
  permissions: "none",
  fn() {
    const result = sampleResult();
    const counts = countsOf(result);
    assertEquals(counts, {
      steps: 3,
      checks: 3,
      always: 9,
      failed: 5,
      unknown: 0,
      skipped: 0,
    });
    const head = "3 steps, 3 checks and 9 invariants, 5 failed, in ";
    assertStringIncludes(summary(result), head);
    const record = runRecord(result, PAIR, "2026-03-01T12:00:00.250Z");
    assertEquals(record.counts, counts);
    const xml = junitXml(record);
    const suites = [
      ...xml.matchAll(/<testsuite name=".*: (.*?)" tests="(\d+)"/g),
    ];
    assertEquals(
      Object.fromEntries(
        suites.map(([, name, tests]) => [name, Number(tests)]),
      ),
      { steps: counts.steps, checks: counts.checks, always: counts.always },
    );
    assertStringIncludes(xml, ' tests="15" failures="5" errors="0"');
    assertEquals(xml.match(/<failure /g)?.length, counts.failed);
  },
});
