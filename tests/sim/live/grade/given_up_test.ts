import { assertEquals, assertStringIncludes } from "@std/assert";
import { GivenUp } from "../../../../sim/live/grade/given_up.ts";

Deno.test({
  name: "GivenUp.notStarted() is the end of it the second time in a row",
  permissions: "none",
  fn() {
    const it = new GivenUp();
    it.notStarted("no file");
    assertEquals(it.hasStarted, false);
    it.started();
    assertEquals(it.hasStarted, true);
    it.notStarted("no file");
    assertEquals(it.outcome, undefined);
    it.notStarted("no file");
    assertEquals(it.outcome?.share, 0);
    // What was never tried is no hard fail.
    assertEquals(it.outcome?.lost, "it was not tried");
    assertStringIncludes(it.outcome!.findings[0]!.came, "no file");
  },
});

Deno.test({
  name: "GivenUp.limited() is the end of it in the third herd",
  permissions: "none",
  fn() {
    const it = new GivenUp();
    it.limited("Ash: too many processes: 65");
    it.started();
    it.limited("Ash: too many processes: 65");
    assertEquals(it.outcome, undefined);
    it.limited("Elm: too many processes: 66");
    it.limited("Ash: too many processes: 65");
    assertStringIncludes(it.outcome!.findings[0]!.came, "Elm: too many");
  },
});
