import { assertEquals, assertThrows } from "@std/assert";
import {
  factOf,
  historyLines,
  readHistory,
} from "../../../sim/model/history.ts";

Deno.test({
  name: "readHistory() reads what historyLines() wrote",
  permissions: "none",
  fn() {
    const history = [
      { atMs: 0.25, kind: "state", server: "Ash", state: "up" },
      {
        atMs: 1,
        kind: "delivery",
        server: "Ash",
        from: null,
        line: 'AT Ash +0 "ü" +1-1 5',
        isNew: true,
      },
    ] as const;
    const text = [...historyLines(history)].join("");
    assertEquals(text.split("\n").length, 3);
    assertEquals(readHistory(text), history);
  },
});

Deno.test({
  name: "readHistory() names the line that is no event",
  permissions: "none",
  fn() {
    for (
      const line of ["{", "null", "5", "{}", '{"atMs":1,"kind":"tea"}']
    ) {
      assertThrows(
        () => readHistory(`{"atMs":1,"kind":"ok","op":1}\n${line}\n`),
        SyntaxError,
        "line 2",
      );
    }
  },
});

Deno.test({
  name: "factOf() keeps what a history needs, and nothing of the prompt's",
  permissions: "none",
  fn() {
    const about = { server: "Ash", peer: "Elm" };
    assertEquals(
      factOf({ kind: "state", server: "Ash", state: "crashed", isAsked: true }),
      { kind: "state", server: "Ash", state: "crashed" },
    );
    assertEquals(
      factOf({ kind: "link-down", ...about, why: "x" }),
      { kind: "link", ...about, isUp: false, why: "x" },
    );
    const wrong = { why: "nothing heard", wrong: "silence" } as const;
    assertEquals(
      factOf({ kind: "link-down", ...about, ...wrong }),
      { kind: "link", ...about, isUp: false, ...wrong },
    );
    const [ours, theirs] = [{ count: 3, sum: "a" }, { count: 4, sum: "b" }];
    assertEquals(
      factOf({ kind: "sync-repair", ...about, ours, theirs } as never),
      { kind: "sync-repair", ...about, ours: 3, theirs: 4 },
    );
    const fault = { fault: "cut", targets: [], settings: {} };
    for (const id of ["snip", "snip#2"]) {
      assertEquals(
        factOf({ kind: "fault-begin", id, name: "snip", ...fault }),
        {
          kind: "fault-begin",
          id,
          ...id !== "snip" && { name: "snip" },
          ...fault,
        },
      );
    }
    assertEquals(
      factOf({ kind: "dial-failed", ...about, why: "x", failures: 1 }),
      undefined,
    );
    const line = {
      kind: "sent",
      server: "Ash",
      to: "Elm",
      line: "AT",
    } as const;
    assertEquals(factOf(line), line);
  },
});
