import { assertEquals } from "@std/assert";
import {
  InvalidFile,
  printProblem,
  printProblems,
  type Problem,
} from "../../../sim/model/problem.ts";

const AT_TAB: Problem = {
  severity: "warning",
  file: "a.yaml",
  line: 2,
  column: 3,
  message: "odd",
};

Deno.test({
  name:
    "printProblem() keeps tabs before the caret, and does without an excerpt",
  permissions: "none",
  fn() {
    assertEquals(
      printProblem({ ...AT_TAB, excerpt: "\t- second" }),
      "a.yaml:2:3: warning: odd\n    2 | \t- second\n      | \t ^",
    );
    assertEquals(printProblem(AT_TAB), "a.yaml:2:3: warning: odd");
    const long = "x".repeat(10_000);
    const [, line = "", caret = ""] = printProblem({
      ...AT_TAB,
      column: 5_000,
      excerpt: `${long.slice(1, 5_000)}!${long}`,
    }).split("\n");
    assertEquals(line.length < 300, true);
    assertEquals(line[caret.indexOf("^")], "!");
  },
});

Deno.test({
  name: "printProblems() goes by line and column",
  permissions: "none",
  fn() {
    const places = [[2, 9], [1, 5], [2, 1]];
    const problems = places.map(([line, column]) => ({
      ...AT_TAB,
      line: line!,
      column: column!,
    }));
    assertEquals(
      printProblems(problems).split("\n").map((text) => text.split(": ")[0]),
      ["a.yaml:1:5", "a.yaml:2:1", "a.yaml:2:9"],
    );
  },
});

Deno.test({
  name: "InvalidFile says all its problems",
  permissions: "none",
  fn() {
    const error = new InvalidFile([AT_TAB, { ...AT_TAB, line: 1 }]);
    assertEquals(error.message.split("\n").length, 2);
  },
});

Deno.test({
  name: "printProblem() lets no line of a file command the terminal",
  permissions: "none",
  fn() {
    const text = printProblem({
      severity: "error",
      file: "a.yaml",
      line: 1,
      column: 4,
      message: "no \x9b31m",
      excerpt: "a\x1b: b\x7f",
    });
    assertEquals(text.split("\n"), [
      String.raw`a.yaml:1:4: error: no \x9b31m`,
      String.raw`    1 | a\x1b: b\x7f`,
      "      |       ^",
    ]);
  },
});
