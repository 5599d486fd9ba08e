import { assertEquals } from "@std/assert";
import type { Grade } from "../../../../sim/live/grade/grade.ts";
import { checkText, csvOf } from "../../../../sim/live/grade/texts.ts";

const TITLE = "an update gets to all servers";
const FAILED = {
  check: "spreads",
  title: TITLE,
  points: 0,
  of: 12,
  finding: {
    expected: "Elm to tell of kiwi",
    came: "? WHATSAT\nkiwi\n",
    commands: ["to Ash: IAMAT kiwi +1-1 1", "to Elm: WHATSAT kiwi 1 1"],
  },
} as const;
const SKIPPED = {
  check: "thrift",
  title: "few messages",
  points: 0,
  of: 4,
  skipped: "not seen",
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
    assertEquals(checkText(SKIPPED), "skipped  thrift: few messages: not seen");
  },
});

Deno.test({
  name:
    "csvOf() has a column for each check, none filled for what was skipped, and no formulas",
  permissions: "none",
  fn() {
    const grade: Grade = {
      submission: '=1+1,"x"',
      mark: 0,
      of: 12,
      checks: [FAILED, SKIPPED],
    };
    const [head, row] = csvOf([grade]).trimEnd().split("\n");
    const columns = head!.split(",");
    assertEquals(columns.slice(0, 3), ["submission", "mark", "of"]);
    assertEquals(columns.at(-1), "findings");
    const [name, ...cells] = row!.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/);
    assertEquals(name, `"'=1+1,""x"""`);
    const cell = (column: string) => cells[columns.indexOf(column) - 1];
    assertEquals([cell("mark"), cell("of")], ["0", "12"]);
    assertEquals([cell("spreads"), cell("thrift")], ["0", ""]);
    assertEquals(cell("findings"), "spreads");
  },
});
