import { assertEquals } from "@std/assert";
import { table } from "../../../../sim/model/command/table.ts";

Deno.test({
  name: "table() pads by columns of the terminal, and paints what is padded",
  permissions: "none",
  fn() {
    assertEquals(
      table(
        [["a", "bb", "c"], ["天地", "", "d"]],
        (cell, row, column) => row === 0 && column === 1 ? `<${cell}>` : cell,
      ),
      "a     <bb>  c\n天地      d",
    );
  },
});

Deno.test({
  name: "table() of nothing is nothing",
  permissions: "none",
  fn: () => assertEquals(table([]), ""),
});
