import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { junitXml } from "../../../../sim/model/report/junit.ts";
import type { RunRecord } from "../../../../sim/model/report/run_record.ts";
import { sampleRecord } from "./sample_record.ts";

Deno.test({
  name: "junitXml() has a case for each step and each check",
  permissions: "none",
  fn() {
    const xml = junitXml(sampleRecord({
      checks: [
        { name: "lost == 0", outcome: "ok", line: 9, actual: "lost is 0" },
        { name: "redundancy <= 0.5", outcome: "fail", actual: "0.75" },
        { name: "p50 < 5ms", outcome: "unknown", actual: "p50 is unknown" },
        { name: "max < 5ms", outcome: "skipped", actual: "there is no max" },
        {
          name: "always: no server ends unasked",
          outcome: "fail",
          isAlways: true,
          actual: "Elm crashed",
        },
      ],
    }));
    assertEquals(
      xml,
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="drill" tests="7" failures="3" errors="1" skipped="1" time="2.000">
  <testsuite name="drill.yaml, seed 7: steps" tests="1" failures="0" errors="0" skipped="0" time="1.500" timestamp="2026-03-01T12:00:00">
    <testcase classname="drill.seed-7.steps" name="line 7: kill Ash" file="drill.yaml" line="7" time="1.500"/>
  </testsuite>
  <testsuite name="drill.yaml, seed 7: checks" tests="5" failures="2" errors="1" skipped="1" time="1.500" timestamp="2026-03-01T12:00:00">
    <testcase classname="drill.seed-7.checks" name="line 7: expect kiwi on Elm within 1s" file="drill.yaml" line="7" time="1.500">
      <failure type="expectation" message="expected kiwi on Elm, got Elm has nothing; of kiwi">expected: kiwi on Elm
actual: Elm has nothing
of kiwi</failure>
    </testcase>
    <testcase classname="drill.seed-7.checks" name="line 9: lost == 0" file="drill.yaml" line="9" time="0.000"/>
    <testcase classname="drill.seed-7.checks" name="redundancy &lt;= 0.5" file="drill.yaml" time="0.000">
      <failure type="expectation" message="expected redundancy &lt;= 0.5, got 0.75">expected: redundancy &lt;= 0.5
actual: 0.75</failure>
    </testcase>
    <testcase classname="drill.seed-7.checks" name="p50 &lt; 5ms" file="drill.yaml" time="0.000">
      <error type="unknown" message="expected p50 &lt; 5ms, got p50 is unknown">expected: p50 &lt; 5ms
actual: p50 is unknown</error>
    </testcase>
    <testcase classname="drill.seed-7.checks" name="max &lt; 5ms" file="drill.yaml" time="0.000">
      <skipped type="expectation" message="expected max &lt; 5ms, got there is no max">expected: max &lt; 5ms
actual: there is no max</skipped>
    </testcase>
  </testsuite>
  <testsuite name="drill.yaml, seed 7: always" tests="1" failures="1" errors="0" skipped="0" time="0.000" timestamp="2026-03-01T12:00:00">
    <testcase classname="drill.seed-7.always" name="always: no server ends unasked" file="drill.yaml" time="0.000">
      <failure type="expectation" message="expected always: no server ends unasked, got Elm crashed">expected: always: no server ends unasked
actual: Elm crashed</failure>
    </testcase>
  </testsuite>
</testsuites>
`,
    );
  },
});

Deno.test({
  name: "junitXml() has an error where a step can't be decided, as a check has",
  permissions: "none",
  fn() {
    const [, check] = sampleRecord().steps;
    const elementOf = (isUndecided: boolean) => {
      const step = { ...check!, ok: true, isUnknown: true, isUndecided };
      const xml = junitXml(sampleRecord({ steps: [step] }));
      return /<(error|skipped) type="unknown"/.exec(xml)?.[1];
    };
    assertEquals([true, false].map(elementOf), ["error", "skipped"]);
  },
});

/** Class and name of each case, as machines know it again. */
function namesOf(record: RunRecord): string[] {
  return [...junitXml(record).matchAll(/classname="(.*?)" name="(.*?)"/g)]
    .map(([, classname, name]) => `${classname} ${name}`);
}

Deno.test({
  name:
    "junitXml() names cases by file, line, seed and world, whatever ended first",
  permissions: "none",
  fn() {
    const [kill] = sampleRecord().steps;
    const step = (line: number, startedMs: number, text = "kill Ash") => ({
      ...kill!,
      line,
      startedMs,
      text,
    });
    // A repeat of two steps beside one that is slow.
    const steps = [
      ...[step(8, 0), step(9, 1, "revive Ash"), step(8, 2)],
      ...[step(9, 3, "revive Ash"), step(7, 0, "load")],
    ];
    const numbered = (steps: RunRecord["steps"]) =>
      namesOf(sampleRecord({
        file: "drills/a.b.yaml",
        steps: steps.map((it, i) => ({ ...it, step: i + 1 })),
      })).slice(0, steps.length);
    const names = numbered(steps);
    assertEquals(names, [
      "drills.a.b.seed-7.steps line 7: load",
      "drills.a.b.seed-7.steps line 8: kill Ash",
      "drills.a.b.seed-7.steps line 8: kill Ash (time 2)",
      "drills.a.b.seed-7.steps line 9: revive Ash",
      "drills.a.b.seed-7.steps line 9: revive Ash (time 2)",
    ]);
    assertEquals(numbered(steps.toReversed()), names);
    const runs = [
      ...[7, 8].map((seed) => sampleRecord({ seed })),
      // The same seed, by --world both.
      ...(["threads", "virtual"] as const).map((world) =>
        sampleRecord({ world })
      ),
    ].flatMap(namesOf);
    assertEquals(new Set(runs).size, runs.length);
  },
});

Deno.test({
  name: "junitXml() shortens what is long, and still tells names apart",
  permissions: "none",
  fn() {
    const [kill, failed] = sampleRecord().steps;
    const long = "🥝".repeat(100_000);
    const record = sampleRecord({
      steps: ["a", "b"].map((end) => ({ ...kill!, text: long + end }))
        .concat([{ ...failed!, actual: long, expected: long }]),
    });
    const names = namesOf(record);
    assertEquals(new Set(names).size, names.length);
    assert([...names[0]!].length < 300, names[0]);
    assert([...junitXml(record)].length < 12_000);
    assert(!junitXml(record).includes("\\ud83e"), "no half of a character");
  },
});

/** What may stand in a document, by the productions of XML 1.0. */
const CHAR = /^[\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const REFERENCE = /&(?:amp|lt|gt|quot|apos|#9|#10|#13);/g;
const ATTRIBUTE = ` [a-z]+="[^<&"]*"`;
const ELEMENT = new RegExp(
  `^(?:<[a-z]+(?:${ATTRIBUTE})*/?>|</[a-z]+>|[^<&>]+)*$`,
);

Deno.test({
  name: "junitXml() is well-formed whatever characters names have",
  permissions: "none",
  fn() {
    const nasty = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(fc.integer({ min: 0, max: 0xffff }))
        .map((codes) => String.fromCharCode(...codes)),
      fc.constantFrom("]]>", "<!--", "&#0;", "a\tb\r\nc", "\"'", "🥝"),
    );
    fc.assert(fc.property(nasty, (text) => {
      const [step, failed] = sampleRecord().steps;
      const xml = junitXml(sampleRecord({
        name: text,
        file: text,
        steps: [{ ...step!, text }, {
          ...failed!,
          expected: text,
          actual: text,
        }],
        checks: [{ name: text, outcome: "fail", actual: text }],
      }));
      assert(CHAR.test(xml), JSON.stringify(text));
      const [prolog, ...rest] = xml.split("?>\n");
      assertEquals(prolog, '<?xml version="1.0" encoding="UTF-8"');
      const body = rest.join("?>\n").replace(REFERENCE, "");
      assert(ELEMENT.test(body), JSON.stringify(text));
    }));
  },
});
