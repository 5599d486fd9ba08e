import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { completeCommand } from "../../../../sim/model/command/command.ts";
import {
  bounded,
  completed,
  followed,
  History,
} from "../../../../sim/page/console/prompt.ts";

const SERVERS = ["Alford", "Bolden", "Parker", "Powell"];

function complete(text: string) {
  const [completions, word] = completeCommand(text, SERVERS);
  return completed(text, { completions, word });
}

Deno.test({
  name: "completed() goes on as far as there is one way, and tells the others",
  permissions: "none",
  fn() {
    assertEquals(complete("kil"), { text: "kill ", choices: [] });
    assertEquals(complete("kill P"), {
      text: "kill P",
      choices: ["Parker", "Powell"],
    });
    assertEquals(complete("kill Po"), { text: "kill Powell ", choices: [] });
    assertEquals(complete("  kill Pa").text, "  kill Parker ");
    assertEquals(complete("kill nobody"), { text: "kill nobody", choices: [] });
    assertEquals(complete("res").text, "res");
    assertEquals(complete("kill ").choices, SERVERS);
  },
});

Deno.test({
  name: "completed() changes nothing that is not the word",
  permissions: "none",
  fn() {
    const found = { completions: ["Powell "], word: "Po" };
    assertEquals(completed("kill Pa", found), { text: "kill Pa", choices: [] });
    const upper = { completions: ["POWELL ", "POWER "], word: "po" };
    assertEquals(completed("kill po", upper).text, "kill po");
  },
});

Deno.test({
  name: "History goes back and on, and keeps what was being typed",
  permissions: "none",
  fn() {
    const history = new History();
    assertEquals(history.back("draft"), "draft");
    for (const line of ["status", "kill Powell", "kill Powell", "  "]) {
      history.add(line);
    }
    assertEquals(history.lines, ["status", "kill Powell"]);
    assertEquals(history.back("dra"), "kill Powell");
    assertEquals(history.back("kill Powell"), "status");
    assertEquals(history.back("status"), "status");
    assertEquals(history.on("status"), "kill Powell");
    assertEquals(history.on("kill Powell"), "dra");
    assertEquals(history.on("dra!"), "dra!");
  },
});

Deno.test({
  name: "History keeps no more lines than it may",
  permissions: "none",
  fn() {
    const history = new History(["a", "b", "c"], 2);
    assertEquals(history.lines, ["b", "c"]);
    history.add("d");
    assertEquals(history.lines, ["c", "d"]);
    assertEquals(history.back(""), "d");
  },
});

Deno.test({
  name: "bounded() shows the first lines, and says how many are left",
  permissions: "none",
  fn() {
    assertEquals(bounded("", 2), { head: "", left: 0 });
    assertEquals(bounded("a\nb", 2), { head: "a\nb", left: 0 });
    assertEquals(bounded("a\nb\nc\nd", 2), { head: "a\nb", left: 2 });
    fc.assert(fc.property(
      fc.array(fc.constantFrom("", "x", "yy"), { minLength: 1 }),
      fc.integer({ min: 1, max: 9 }),
      (lines, linesMax) => {
        const text = lines.join("\n").trimEnd();
        const { head, left } = bounded(text, linesMax);
        const all = text.split("\n");
        assertEquals(head.split("\n"), all.slice(0, linesMax));
        assertEquals(left, Math.max(0, all.length - linesMax));
      },
    ));
  },
});

Deno.test({
  name: "followed() knows log -f as the prompt does",
  permissions: "none",
  fn() {
    assertEquals(followed("log -f Alford"), { server: "Alford", text: "" });
    assertEquals(followed(" log  -f Alford 50 line in "), {
      server: "Alford",
      text: "line in",
    });
    assertEquals(followed("log Alford 50"), undefined);
    assertEquals(followed("log -f"), undefined);
  },
});
