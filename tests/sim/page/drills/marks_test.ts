import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  linesOf,
  marksOf,
  offsetOf,
  type Problem,
  progressOf,
  type RunStep,
} from "../../../../sim/page/drills/marks.ts";

function problem(line: number, message: string, isWarning = false): Problem {
  return { line, column: 1, message, isWarning };
}

function step(line: number, state: RunStep["state"], note?: string): RunStep {
  return { line, text: "kill Powell", state, ...note && { note } };
}

Deno.test({
  name: "marksOf() has all that is wrong at a line, errors before warnings",
  permissions: "none",
  fn() {
    const marks = marksOf(9, [
      problem(3, "doubtful", true),
      problem(3, "no step"),
      problem(3, "no server"),
      problem(5, "odd", true),
    ], []);
    assertEquals(marks.get(3), {
      kind: "error",
      text: "no step; no server; doubtful",
    });
    assertEquals(marks.get(5), { kind: "warning", text: "odd" });
    assertEquals(marks.size, 2);
  },
});

Deno.test({
  name: "marksOf() has an error beyond the end of a text at its last line",
  permissions: "none",
  fn() {
    const marks = marksOf(4, [problem(5, "steps are missing")], []);
    assertEquals([...marks.keys()], [4]);
    assertEquals([...marksOf(4, [problem(0, "empty")], []).keys()], [1]);
  },
});

Deno.test({
  name: "marksOf() has how far a run has come, what failed before what passed",
  permissions: "none",
  fn() {
    const marks = marksOf(9, [problem(6, "odd", true)], [
      step(2, "passed"),
      step(4, "failed", "expected 1\nactual 2"),
      step(4, "passed"),
      step(5, "passed"),
      step(5, "running"),
      step(6, "running"),
      step(99, "passed"),
    ]);
    const kinds = [...marks].map(([line, { kind }]) => [line, kind]);
    assertEquals(kinds, [
      [2, "passed"],
      [4, "failed"],
      [5, "running"],
      [6, "warning"],
    ]);
    assertEquals(marks.get(4)!.text, "kill Powell: expected 1\nactual 2");
  },
});

Deno.test({
  name: "linesOf() and offsetOf() agree with the lines of a text",
  permissions: "none",
  fn() {
    assertEquals([linesOf(""), linesOf("a"), linesOf("a\n")], [1, 1, 2]);
    assertEquals(offsetOf("ab\ncd\n", 2, 2), 4);
    assertEquals(offsetOf("ab\ncd\n", 1, 99), 2);
    assertEquals(offsetOf("ab\ncd\n", 9, 1), 6);
    fc.assert(fc.property(
      fc.array(fc.constantFrom("", "a", "bc")),
      fc.nat(9),
      (lines, line) => {
        const text = lines.join("\n");
        const split = text.split("\n");
        assertEquals(linesOf(text), split.length);
        if (line === 0 || line > split.length) return;
        const before = split.slice(0, line - 1).join("\n").length;
        assertEquals(offsetOf(text, line, 1), before + Number(line > 1));
      },
    ));
  },
});

Deno.test({
  name: "progressOf() counts what has ended, and what failed",
  permissions: "none",
  fn() {
    const steps = [step(1, "passed"), step(2, "running"), step(3, "waiting")];
    assertEquals(progressOf(steps), "1 of 3 steps");
    const failed = [step(1, "failed"), step(2, "skipped")];
    assertEquals(progressOf(failed), "2 of 2 steps, 1 failed");
  },
});
