import { assertEquals } from "@std/assert";
import { replyForms } from "../../../../sim/worlds/processes/forms.ts";

Deno.test({
  name: "replyForms() puts replies of a told form as the protocol has them",
  permissions: "none",
  fn() {
    const forms = replyForms({
      at: "AT {server} {client} {position} {time} {difference}",
      unknown_client: "UNKNOWN {client}",
      bad_line: "ERROR: {line}",
    });
    const rows: [command: string, reply: string, read: string][] = [
      [
        "IAMAT kiwi +34.1-118.4 5.25",
        "AT Alford kiwi +34.1-118.4 5.25 +0.5\r\n",
        "AT Alford +0.5 kiwi +34.1-118.4 5.25\n",
      ],
      [
        "WHATSAT kiwi 1 1",
        "AT Alford kiwi +34.1-118.4 5.25 +0.5\n{\n}\n\n",
        "AT Alford +0.5 kiwi +34.1-118.4 5.25\n{\n}\n\n",
      ],
      ["WHATSAT emu 1 1", "UNKNOWN emu\n", "? WHATSAT emu 1 1\n"],
      ["HELLO  you", "ERROR: HELLO  you", "? HELLO  you\n"],
      // What is said of an unknown client is said of nothing else.
      ["IAMAT emu", "UNKNOWN emu\n", "UNKNOWN emu\n"],
      ["HELLO", "? HELLO\n", "? HELLO\n"],
    ];
    for (const [command, reply, read] of rows) {
      assertEquals(forms(command, reply), read);
    }
  },
});

Deno.test({
  name: "replyForms() takes the end of a connection for an answer if it is one",
  permissions: "none",
  fn() {
    const closing = replyForms({ unknown_client: "" });
    assertEquals(closing("WHATSAT emu 1 1", ""), "? WHATSAT emu 1 1\n");
    assertEquals(closing("HELLO", ""), "");
    assertEquals(replyForms()("WHATSAT emu 1 1", ""), "");
  },
});

Deno.test({
  name: "replyForms() finds fields that a form does not keep apart",
  permissions: "none",
  fn() {
    const forms = replyForms({ at: "{client}@{position} since {time}." });
    assertEquals(
      forms("IAMAT a.b +1-2 3", "a.b@+1.0-2.0 since 3.5."),
      "AT unknown +0 a.b +1.0-2.0 3.5",
    );
  },
});
