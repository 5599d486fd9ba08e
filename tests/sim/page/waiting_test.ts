import { assertEquals, assertStringIncludes } from "@std/assert";
import { waitingText } from "../../../sim/page/waiting.ts";

Deno.test({
  name:
    "waitingText() says what the page waits for, and nothing while it is well",
  permissions: "none",
  fn() {
    const open = { state: "open", isHeard: true } as const;
    assertEquals(waitingText({ ...open, forMs: 1_100 }), undefined);
    assertStringIncludes(
      waitingText({ ...open, forMs: 5_200 })!,
      "told nothing for 5 s",
    );
    const first = { ...open, isHeard: false };
    assertEquals(waitingText({ ...first, forMs: 300 }), undefined);
    assertStringIncludes(
      waitingText({ ...first, forMs: 3_000 })!,
      "where it stands. 3 s so far.",
    );
    const begun = { state: "connecting", isHeard: false } as const;
    assertEquals(waitingText({ ...begun, forMs: 300 }), undefined);
    assertStringIncludes(waitingText({ ...begun, forMs: 900 })!, "very busy");
    assertStringIncludes(
      waitingText({ state: "lost", isHeard: false, forMs: 0 })!,
      "deno task herd",
    );
  },
});
