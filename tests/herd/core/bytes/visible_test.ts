import { assertEquals } from "@std/assert";
import { visible, visibleJson } from "../../../../herd/core/bytes/visible.ts";

Deno.test({
  name: "visible() shows what would command a terminal, and leaves text alone",
  permissions: "none",
  fn() {
    const table: [string, string][] = [
      ["müller ☃ 😀\tx\n", "müller ☃ 😀\tx\n"],
      ["\x1b]0;pwned\x07", "\\x1b]0;pwned\\x07"],
      ["\x7f\x80\x9b31m\r", "\\x7f\\x80\\x9b31m\\x0d"],
      ["a\u202eb\u2066", "a\\u{202e}b\\u{2066}"],
    ];
    for (const [text, shown] of table) assertEquals(visible(text), shown);
  },
});

Deno.test({
  name: "visibleJson() is JSON of the same content, all of it visible",
  permissions: "none",
  fn() {
    const every = Array.from(
      { length: 0x2100 },
      (_, at) => String.fromCharCode(at),
    ).join("");
    const json = visibleJson({ every });
    assertEquals(JSON.parse(json), { every });
    assertEquals(visible(json), json);
  },
});
