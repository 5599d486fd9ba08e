import { assertEquals } from "@std/assert";
import { table } from "../../../../sim/model/command/table.ts";

Deno.test({
  name: "table() pads by columns of the terminal, and paints what is padded",
  permissions: "none",
  fn() {
    assertEquals(
      table(
        [["a", "bb", "c"], ["天地", "", "d"]],
        {
          paint: (cell, row, column) =>
            row === 0 && column === 1 ? `<${cell}>` : cell,
        },
      ),
      "a     <bb>  c\n天地      d",
    );
    assertEquals(
      table([["a", "n"], ["bb", "10"], ["c", "5"]], {
        areRight: [false, true],
      }),
      "a    n\nbb  10\nc    5",
    );
  },
});

Deno.test({
  name: "table() of nothing is nothing",
  permissions: "none",
  fn: () => assertEquals(table([]), ""),
});
