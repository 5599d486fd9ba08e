import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { junitXml } from "../../../../sim/model/report/junit.ts";
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
      ],
      incidents: ["Elm crashed"],
    }));
    assertEquals(
      xml,
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="drill" tests="7" failures="3" errors="1" skipped="1" time="2.000">
  <testsuite name="steps" tests="2" failures="1" errors="0" skipped="0" time="3.000" timestamp="2026-03-01T12:00:00">
    <testcase classname="drill.steps" name="1. kill Ash" file="drill.yaml" line="7" time="1.500"/>
    <testcase classname="drill.steps" name="2. expect kiwi on Elm within 1s" file="drill.yaml" line="7" time="1.500">
      <failure type="expectation" message="Elm has nothing">expected: kiwi on Elm
actual: Elm has nothing
of kiwi</failure>
    </testcase>
  </testsuite>
  <testsuite name="checks" tests="5" failures="2" errors="1" skipped="1" time="0.000" timestamp="2026-03-01T12:00:00">
    <testcase classname="drill.checks" name="lost == 0" file="drill.yaml" line="9" time="0.000"/>
    <testcase classname="drill.checks" name="redundancy &lt;= 0.5" file="drill.yaml" time="0.000">
      <failure type="expectation" message="0.75">expected: redundancy &lt;= 0.5
actual: 0.75</failure>
    </testcase>
    <testcase classname="drill.checks" name="p50 &lt; 5ms" file="drill.yaml" time="0.000">
      <error type="unknown" message="p50 is unknown">expected: p50 &lt; 5ms
actual: p50 is unknown</error>
    </testcase>
    <testcase classname="drill.checks" name="max &lt; 5ms" file="drill.yaml" time="0.000">
      <skipped type="expectation" message="there is no max">expected: max &lt; 5ms
actual: there is no max</skipped>
    </testcase>
    <testcase classname="drill.checks" name="no server ends unasked" file="drill.yaml" time="0.000">
      <failure type="expectation" message="Elm crashed">expected: no server ends unasked
actual: Elm crashed</failure>
    </testcase>
  </testsuite>
</testsuites>
`,
    );
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
        incidents: [text],
      }));
      assert(CHAR.test(xml), JSON.stringify(text));
      const [prolog, ...rest] = xml.split("?>\n");
      assertEquals(prolog, '<?xml version="1.0" encoding="UTF-8"');
      const body = rest.join("?>\n").replace(REFERENCE, "");
      assert(ELEMENT.test(body), JSON.stringify(text));
    }));
  },
});
