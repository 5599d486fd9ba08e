import { assertEquals, assertThrows } from "@std/assert";
import {
  CHECK_NAMES,
  GRADE_CHECKS,
} from "../../../../sim/live/grade/checks.ts";
import type { GradeCheck } from "../../../../sim/live/grade/check.ts";
import { ordered } from "../../../../sim/live/grade/grade.ts";
import {
  parseRubric,
  readRubric,
  shippedRubric,
} from "../../../../sim/live/grade/rubric.ts";
import { InvalidFile, printProblem } from "../../../../sim/model/problem.ts";

Deno.test("shippedRubric() reads the one that ships: all checks, 100 points, and a bonus", () => {
  const { checks } = shippedRubric();
  assertEquals([...checks.keys()].toSorted(), CHECK_NAMES.toSorted());
  const sum = (isBonus: boolean) =>
    [...checks.values()].filter((it) => (it.isBonus ?? false) === isBonus)
      .reduce((total, { points }) => total + points, 0);
  assertEquals([sum(false), sum(true)], [100, 2]);
  assertEquals(checks.get("no-loop")?.isHard, true);
});

Deno.test({
  name: "parseRubric() reads points, and how a check is done",
  fn() {
    const { rubric, problems } = parseRubric(
      `checks:
  spreads: 12.5
  no-loop: { points: 5, hard: true, runs: 5 }
  revival-knows: { points: 1, bonus: true }
  bad-lines: { points: 4, lines: ["HELLO", "WHATSAT kiwi 10 0.5"] }
`,
      "mine.yaml",
    );
    assertEquals(problems, []);
    assertEquals(Object.fromEntries(rubric!.checks), {
      "spreads": { points: 12.5 },
      "no-loop": { points: 5, isHard: true, runs: 5 },
      "revival-knows": { points: 1, isBonus: true },
      "bad-lines": { points: 4, lines: ["HELLO", "WHATSAT kiwi 10 0.5"] },
    });
  },
});

Deno.test({
  name: "parseRubric() says all that is wrong, and where",
  fn() {
    for (
      const [text, ...wrong] of [
        [
          "",
          "1:1: error: a rubric is a map `checks`, of checks and their points",
        ],
        [
          "- spreads",
          "1:1: error: a rubric is a map `checks`, of checks and their points",
        ],
        ["checks: {}", "1:9: error: no check is in it"],
        [
          "checks:\n  spread: 5\n",
          "2:3: error: there is no check spread, did you mean spreads?",
        ],
        [
          "checks:\n  spreads: many\n  metres: -1\n",
          "2:12: error: points is a number up to 1000, not many",
          "3:11: error: points is a number up to 1000, not -1",
        ],
        [
          "checks: { spreads: { hard: true } }",
          "1:20: error: points is missing",
        ],
        [
          "checks: { spreads: { points: 1, hard: yes } }",
          "1:39: error: hard is true or false",
        ],
        [
          "checks: { spreads: { points: 1, often: 3 } }",
          "1:33: error: unknown field often, there is points, hard, bonus, runs, lines",
        ],
        [
          "checks: { metres: { points: 1, runs: 3 } }",
          "1:38: error: chance plays no part in metres: it runs once",
        ],
        [
          "checks: { spreads: { points: 1, runs: 0 } }",
          "1:39: error: runs is a number up to 10, not 0",
        ],
        [
          "checks: { spreads: { points: 1, lines: [a] } }",
          "1:40: error: only bad-lines has lines",
        ],
        [
          "checks: { bad-lines: { points: 1, lines: [a, ''] } }",
          "1:46: error: this is no line",
        ],
        [
          "checks: { spreads: { points: 1, bonus: true, hard: true } }",
          "1:52: error: a bonus can't be hard: it may be missed",
        ],
        [
          "points: 3\nchecks: { spreads: 1 }",
          "1:1: error: unknown field points, there is checks",
        ],
        ["checks: [", "1:10: error: "],
      ] as const
    ) {
      const { rubric, problems } = parseRubric(text, "r.yaml");
      assertEquals(rubric, undefined, text);
      const told = problems.toSorted((a, b) => a.line - b.line)
        .map((it) => printProblem(it).split("\n")[0]!);
      const due = wrong.map((line) => `r.yaml:${line}`);
      assertEquals(
        told.map((line, at) => line.slice(0, due[at]?.length)),
        due,
        `${text}: ${told.join("; ")}`,
      );
    }
  },
});

Deno.test("readRubric() refuses a file that is wrong", () => {
  assertThrows(
    () => readRubric("checks: { spread: 1 }\n", "mine.yaml"),
    InvalidFile,
    "mine.yaml:1:11: error",
  );
});

Deno.test({
  name:
    "ordered() puts each check after those that it needs, whatever is asked",
  permissions: "none",
  fn() {
    for (const names of [CHECK_NAMES, CHECK_NAMES.toReversed()]) {
      const order = ordered(names);
      assertEquals(order.toSorted(), CHECK_NAMES.toSorted());
      for (const [at, name] of order.entries()) {
        const { needs = [] }: GradeCheck = GRADE_CHECKS[name];
        for (const need of needs) {
          const before = order.slice(0, at) as string[];
          assertEquals(before.includes(need), true, `${name} needs ${need}`);
        }
      }
    }
  },
});
