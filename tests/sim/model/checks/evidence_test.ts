import { assertEquals } from "@std/assert";
import { atFields } from "../../../../sim/model/checks/evidence.ts";

Deno.test({
  name: "atFields() reads AT lines, and no others",
  permissions: "none",
  fn() {
    assertEquals(atFields("AT Ash +0.5 kiwi +1-1 9"), {
      server: "Ash",
      client: "kiwi",
      position: "+1-1",
      time: "9",
    });
    const others = [
      "",
      "AT",
      "AT Ash +0.5 kiwi +1-1",
      "AT Ash +0.5 kiwi +1-1 9 Elm",
      "at Ash +0.5 kiwi +1-1 9",
      "IAMAT kiwi +1-1 9 a b",
      "SUM 1 2 3 4 5",
    ];
    for (const line of others) assertEquals(atFields(line), undefined, line);
  },
});
