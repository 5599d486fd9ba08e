import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { diagramSvg } from "../../../../sim/live/grade/diagram.ts";
import { gradeOf } from "../../../../sim/live/grade/grade.ts";
import { junitOf } from "../../../../sim/live/grade/junit.ts";
import { indexPage, submissionPage } from "../../../../sim/live/grade/pages.ts";
import type { Step } from "../../../../sim/live/grade/steps.ts";

const EVIL = `<script>alert(1)</script>&"'`;
const STEPS: readonly Step[] = [
  {
    atMs: 0,
    kind: "say",
    server: "Ash",
    line: `IAMAT ${EVIL} +1-1 1`,
    reply: `? ${EVIL}\nmore\n`,
    tookMs: 20,
  },
  { atMs: 30, kind: "kill", server: "Elm" },
  { atMs: 40, kind: "note", text: EVIL },
];
const GRADE = gradeOf(EVIL, [
  {
    check: "spreads",
    title: "an update gets to all servers",
    points: 0,
    of: 10,
    findings: [{ expected: EVIL, came: EVIL, steps: STEPS, commands: [EVIL] }],
  },
  {
    check: "thrift",
    title: "few messages",
    points: 0,
    of: 2,
    unknown: EVIL,
    findings: [],
  },
], [EVIL]);

Deno.test({
  name: "pages and junit.xml of a grade hold no markup of a submission",
  permissions: "none",
  fn() {
    const pageOf = (name: string) => `submissions/${name}.html`;
    for (
      const text of [
        submissionPage(GRADE),
        indexPage([GRADE], pageOf),
        junitOf([GRADE]),
      ]
    ) {
      assert(!text.includes("<script"), text);
      assert(!/="[^"<>]*<script/.test(text));
      assertStringIncludes(text, "&lt;script&gt;");
    }
    const index = indexPage([GRADE], pageOf);
    const [, path] = /href="([^"]*)"/.exec(index)!;
    assertEquals(decodeURIComponent(path!), pageOf(EVIL));
  },
});

Deno.test({
  name: "submissionPage() has what to type, what was due, and the proof",
  permissions: "none",
  fn() {
    const page = submissionPage(GRADE);
    assertStringIncludes(
      page,
      "mark: 0 of 10; what is unknown is no part of it",
    );
    assertStringIncludes(page, "spreads: 0 of 10");
    assertStringIncludes(page, "thrift: unknown");
    assertStringIncludes(page, "<pre>&lt;script&gt;");
    assertEquals(page.match(/<svg /g)?.length, 1);
  },
});

Deno.test({
  name:
    "diagramSvg() has a line of life for each server, and a row for each word",
  permissions: "none",
  fn() {
    const svg = diagramSvg(STEPS);
    const texts = [...svg.matchAll(/class="who">([^<]*)/g)].map(([, it]) => it);
    assertEquals(texts, ["client", "Ash", "Elm"]);
    assertEquals(svg.match(/<path /g)?.length, 2, "said, and replied");
    assertStringIncludes(svg, 'class="kill"');
    // All of a reply is there for who points at it.
    assertStringIncludes(svg, "\nmore\n</title>");
    assertStringIncludes(svg, "0.02s ? ");
  },
});

Deno.test({
  name:
    "junitOf() has a suite for each, a failure for what was found, and skips what is unknown",
  permissions: "none",
  fn() {
    const xml = junitOf([GRADE]);
    assertStringIncludes(xml, 'tests="2" failures="1" errors="0" skipped="1"');
    assertStringIncludes(xml, "<skipped message=");
    assertStringIncludes(xml, "0 of 10 points: expected");
  },
});
