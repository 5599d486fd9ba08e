import { assertEquals } from "@std/assert";
import { ToldFixes } from "../../../sim/model/told_fixes.ts";

const FIRST = "AT Alford +0.5 kiwi +34.1-118.4 1621464827.959498503";
const AGAIN = "AT Alford +0.5 kiwi +34.1-118.4 1621464927.959498503";

Deno.test({
  name: "ToldFixes.meant() knows a fix by its position, however it is printed",
  permissions: "none",
  fn() {
    const told = new ToldFixes();
    told.acknowledged(`${FIRST}\n`);
    for (
      const answer of [
        FIRST,
        "AT Powell +0.263873386 kiwi +34.1-118.4 1621464827.959498503",
        "AT Alford -1e-05 kiwi +34.100000-118.40 1621464827.95",
      ]
    ) assertEquals(told.meant(answer), { line: FIRST });
    // What nobody acknowledged is what it is.
    const elsewhere = FIRST.replace("34.1", "35.1");
    assertEquals(told.meant(elsewhere), { line: elsewhere });
    const other = FIRST.replace("kiwi", "emu");
    assertEquals(told.meant(other), { line: other });
    for (const none of ["", "? WHATSAT kiwi 1 1", "AT Alford kiwi"]) {
      assertEquals(told.meant(none), undefined);
    }
  },
});

Deno.test({
  name:
    "ToldFixes.meant() tells fixes at one position apart by their times, or not at all",
  permissions: "none",
  fn() {
    const told = new ToldFixes();
    told.acknowledged(FIRST);
    told.acknowledged(AGAIN);
    const cut = "AT Alford +0.5 kiwi +34.1-118.4 1621464927.95";
    assertEquals(told.meant(cut), { line: AGAIN });
    told.acknowledged(AGAIN.replace("927.959", "927.955"));
    assertEquals(told.meant(cut), { isAmbiguous: true });
    assertEquals(told.meant(FIRST), { line: FIRST });
  },
});
