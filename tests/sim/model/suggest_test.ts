import { assertEquals } from "@std/assert";
import { hintFor, suggest } from "../../../sim/model/suggest.ts";

const HERD = ["Alford", "Bolden", "Hamilton", "Parker", "Powell"];

Deno.test({
  name: "suggest() finds the nearest name, and none that is far off",
  permissions: "none",
  fn() {
    const table: [string, string | undefined][] = [
      ["Powel", "Powell"],
      ["powell", "Powell"],
      ["Pwoell", "Powell"],
      ["HAMLITON", "Hamilton"],
      ["Alfrod", "Alford"],
      ["x", undefined],
      ["", undefined],
      ["Kareem", undefined],
      ["Abdul-Jabbar", undefined],
    ];
    for (const [word, expected] of table) {
      assertEquals(suggest(word, HERD), expected, word);
    }
    assertEquals(suggest("a", []), undefined);
  },
});

Deno.test({
  name: "hintFor() lists what there is when nothing is near",
  permissions: "none",
  fn() {
    assertEquals(hintFor("Powel", HERD), { hint: "did you mean Powell?" });
    assertEquals(hintFor("zzzzzz", ["a", "b"]), { hint: "there is a, b" });
    assertEquals(hintFor("zzzzzz", []), {});
  },
});

Deno.test({
  name: "suggest() takes no word for another in which no letter is right",
  permissions: "none",
  fn() {
    assertEquals(suggest("C", ["A", "B"]), undefined);
    assertEquals(suggest("s9", ["s1"]), "s1");
    assertEquals(suggest("", ["A"]), undefined);
  },
});
