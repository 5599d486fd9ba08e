import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Fix } from "../../../herd/core/fix.ts";
import { parseAtLine } from "../../../herd/core/message.ts";
import { pure } from "./pure.ts";

function fix(line: string): Fix {
  const fix = parseAtLine(line);
  assert(fix !== undefined, line);
  return fix;
}

const at = (time: string, difference = "+0.000000001") =>
  fix(`AT Alford ${difference} kiwi +0-0 ${time}`);

pure("Fix.fields() gives each field as it came", () => {
  const { time, client } = at("-001.50");
  assertEquals([time, client], ["-001.50", "kiwi"]);
  assertEquals(at("-001.50").fields(), {
    server: "Alford",
    difference: "+0.000000001",
    client: "kiwi",
    position: "+0-0",
    time: "-001.50",
  });
});

pure("Fix.compareTime() decides on digits that a double has not", () => {
  const rising = [
    "-1" + "0".repeat(400),
    "-" + "9".repeat(400),
    "-1000000000000000.5",
    "-1000000000000000",
    "-999999999999999.5",
    "-1.0000000001",
    "-1",
    "-0.0000000001",
    "0",
    "0.0000000001",
    "1400794645.392014400",
    "1400794645.392014450",
    "1400794645.3920144501",
    "999999999999999.9999999999",
    "1000000000000000",
    "1000000000000000.00000000000000000001",
    "9007199254740993",
    "9007199254740993.5",
    "1" + "0".repeat(400),
    "9".repeat(401),
  ];
  for (const [i, early] of rising.entries()) {
    assertEquals(at(early).compareTime(at(early)), 0);
    for (const late of rising.slice(i + 1)) {
      assert(at(early).compareTime(at(late)) < 0, `${early} ${late}`);
      assert(at(late).isNewerThan(at(early)), `${early} ${late}`);
      assert(!at(early).isNewerThan(at(late)), `${early} ${late}`);
    }
  }
});

pure("Fix.isNewerThan() decides equal times by the bytes of the line", () => {
  const [a, b] = [at("1.0", "+0.000000001"), at("1.00", "+0.000000002")];
  assertEquals(a.compareTime(b), 0);
  assert(b.isNewerThan(a));
  assert(!a.isNewerThan(b));
  assert(!a.isNewerThan(at("1.0", "+0.000000001")), "The same is not newer");
  const bytes = (id: string) => fix(`AT Alford +0.000000001 ${id} +0-0 1`);
  assert(bytes("\xff").isNewerThan(bytes("~")), "As bytes, without a sign");
});

pure("Fix.isNewerThan() is a total order", () => {
  const times = fc.constantFrom(
    "1",
    "1.0",
    "-1",
    "1.0000000001",
    "1000000000000000",
    "1000000000000000.5",
    "9".repeat(400),
    "-" + "9".repeat(400),
  );
  const differences = fc.constantFrom("+0.000000001", "-0.000000001");
  const fixes = fc.tuple(times, differences).map((parts) => at(...parts));
  fc.assert(
    fc.property(fixes, fixes, fixes, (a, b, c) => {
      assertEquals(a.isNewerThan(b) || b.isNewerThan(a), a.line !== b.line);
      assert(!(a.isNewerThan(b) && b.isNewerThan(a)));
      if (a.isNewerThan(b) && b.isNewerThan(c)) assert(a.isNewerThan(c));
    }),
    { numRuns: 1_000 },
  );
});
