import { assert, assertEquals } from "@std/assert";
import { PLANTED_BUGS } from "../../../../herd/core/planted_bug.ts";
import { SCENARIO_HELP } from "../../../../sim/live/cli/scenario_options.ts";
import { wordList } from "../../../../sim/live/cli/word_list.ts";

Deno.test({
  name: "wordList() breaks a list where a line is full, and loses no word",
  permissions: "none",
  fn() {
    const word = (letters: number) => "x".repeat(letters);
    // 22 columns are before it, and a comma is behind each but the last.
    assertEquals(wordList([word(56), "a"]).split("\n").length, 2);
    assertEquals(wordList([word(55), "a"]).split("\n").length, 1);
    assertEquals(wordList([word(90)]), word(90));
    assertEquals(wordList([]), "");
    const words = wordList(PLANTED_BUGS).split(/,\s+/);
    assertEquals(words, [...PLANTED_BUGS]);
  },
});

Deno.test({
  name: "SCENARIO_HELP lists the bugs to plant in lines that a window shows",
  permissions: "none",
  fn() {
    const lines = SCENARIO_HELP.split("\n");
    const bugs = lines.slice(
      lines.findIndex((line) => line.startsWith("  --plant")) + 1,
      lines.findIndex((line) => line.startsWith("  --report FOLDER")),
    );
    for (const line of bugs) assert(line.length <= 80, line);
    assert(bugs.length > 1);
  },
});
