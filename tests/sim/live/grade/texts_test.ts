import { assertEquals } from "@std/assert";
import { type Grade, gradeOf } from "../../../../sim/live/grade/grade.ts";
import {
  checkText,
  csvOf,
  markText,
} from "../../../../sim/live/grade/texts.ts";

const TITLE = "an update gets to all servers";
const FAILED = {
  check: "spreads",
  title: TITLE,
  points: 0,
  of: 12,
  findings: [{
    expected: "Elm to tell of kiwi",
    came: "? WHATSAT\nkiwi\n",
    commands: ["to Ash: IAMAT kiwi +1-1 1", "to Elm: WHATSAT kiwi 1 1"],
    steps: [],
  }],
} as const;
const UNKNOWN = {
  check: "thrift",
  title: "few messages",
  points: 0,
  of: 4,
  unknown: "not seen",
  findings: [],
} as const;
const LOST = {
  check: "newest-wins",
  title: "the newest",
  points: 0,
  of: 5,
  lost: "lost with spreads",
  findings: [],
} as const;
const HARD = {
  check: "no-loop",
  title: "silence",
  points: 0,
  of: 6,
  isHard: true,
  findings: FAILED.findings,
} as const;
const BONUS = {
  check: "revival-knows",
  title: "it knows",
  points: 0,
  of: 2,
  isBonus: true,
  findings: FAILED.findings,
} as const;
const RIGHT = {
  check: "metres",
  title: "metres",
  points: 3,
  of: 3,
  findings: [],
} as const;

Deno.test({
  name:
    "checkText() tells a student what to type again, what was due, what came",
  permissions: "none",
  fn() {
    assertEquals(
      checkText(FAILED),
      `0 of 12  spreads: ${TITLE}
           to Ash: IAMAT kiwi +1-1 1
           to Elm: WHATSAT kiwi 1 1
           expected Elm to tell of kiwi
           came     ? WHATSAT
           kiwi`,
    );
    assertEquals(checkText(UNKNOWN), "unknown  thrift: few messages: not seen");
    assertEquals(
      checkText(LOST),
      "0 of 5   newest-wins: the newest: lost with spreads",
    );
  },
});

Deno.test({
  name:
    "csvOf() has a column for each check, none filled for what was skipped, and no formulas",
  permissions: "none",
  fn() {
    const all = [FAILED, UNKNOWN, BONUS, LOST];
    const grade: Grade = gradeOf('=1+1,"x"', all);
    const [head, row] = csvOf([grade]).trimEnd().split("\n");
    const columns = head!.split(",");
    assertEquals(columns.slice(0, 3), ["submission", "mark", "of"]);
    assertEquals(columns.at(-1), "findings");
    const [name, ...cells] = row!.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/);
    assertEquals(name, `"'=1+1,""x"""`);
    const cell = (column: string) => cells[columns.indexOf(column) - 1];
    assertEquals([cell("mark"), cell("of")], ["0", "17"]);
    assertEquals(cell("newest-wins"), "0");
    assertEquals([cell("spreads"), cell("thrift")], ["0", ""]);
    assertEquals(cell("findings"), "spreads");
  },
});

Deno.test({
  name:
    "gradeOf() counts what is known; a bonus is beside it, and a hard fail ends it",
  permissions: "none",
  fn() {
    const told = (...checks: Grade["checks"]) => {
      const { mark, of, hardFails } = gradeOf("kiwi", checks);
      return [mark, of, ...hardFails];
    };
    assertEquals(told(FAILED, RIGHT), [3, 15]);
    assertEquals(told(UNKNOWN, RIGHT), [3, 3]);
    assertEquals(told(LOST, RIGHT), [3, 8]);
    assertEquals(told({ ...LOST, isHard: true }, RIGHT), [3, 8]);
    assertEquals(told(BONUS, RIGHT), [3, 3]);
    assertEquals(told({ ...BONUS, points: 2, findings: [] }, RIGHT), [5, 3]);
    assertEquals(told(HARD, RIGHT), [0, 9, "no-loop"]);
    assertEquals(told({ ...HARD, points: 3 }, RIGHT), [6, 9]);
    assertEquals(
      markText(gradeOf("kiwi", [HARD, UNKNOWN])),
      "mark: 0 of 6; a hard fail, no-loop; what is unknown is no part of it",
    );
  },
});
