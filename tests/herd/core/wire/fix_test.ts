import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { compareDecimals } from "../../../../herd/core/bytes/decimal.ts";
import {
  clientText,
  fieldsOf,
  type FixSpan,
  isNewer,
  lineText,
  ownFix,
  timeText,
} from "../../../../herd/core/wire/fix.ts";
import { parseLinkLine } from "../../../../herd/core/wire/link_message.ts";
import { fix, fixOf, lineWithin, pure } from "../pure.ts";

const at = (time: string, difference?: string) => fix("kiwi", time, difference);

/** The same fix, in the middle of other bytes. */
function inside(line: string): FixSpan {
  const message = parseLinkLine(lineWithin(`${line} elm`), "elm");
  assert(message.kind === "at", line);
  return message.fix;
}

pure("fieldsOf() gives each field as it came", () => {
  for (const fix of [at("-001.50"), inside(lineText(at("-001.50")))]) {
    assertEquals([timeText(fix), clientText(fix)], ["-001.50", "kiwi"]);
    assertEquals(fieldsOf(fix), {
      server: "Alford",
      difference: "+0.000000001",
      client: "kiwi",
      position: "+0-0",
      time: "-001.50",
    });
  }
});

pure("ownFix() is the same fix, though the bytes it came in change", () => {
  const line = "AT Alford +0.000000001 k\xffwi +0-0 -1.50";
  const fix = inside(line);
  const own = ownFix(fix);
  fix.block.bytes.fill(0);
  assertEquals(lineText(own), line);
  assertEquals([clientText(own), timeText(own)], ["k\xffwi", "-1.50"]);
  assertEquals([own.seconds, own.nanos], [-2, 500_000_000]);
});

pure("isNewer() decides on digits that a double has not", () => {
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
    assert(!isNewer(at(early), at(early)));
    for (const late of rising.slice(i + 1)) {
      assert(isNewer(at(late), at(early)), `${early} ${late}`);
      assert(!isNewer(at(early), at(late)), `${early} ${late}`);
    }
  }
});

pure("isNewer() decides equal times by the bytes of the line", () => {
  const [a, b] = [at("1.0", "+0.000000001"), at("1.00", "+0.000000002")];
  assertEquals(compareDecimals(timeText(a), timeText(b)), 0);
  assert(isNewer(b, a));
  assert(!isNewer(a, b));
  assert(!isNewer(a, at("1.0", "+0.000000001")), "The same is not newer");
  const bytes = (id: string) => fixOf(`AT Alford +0.000000001 ${id} +0-0 1`);
  assert(isNewer(bytes("\xff"), bytes("~")), "As bytes, without a sign");
});

pure("isNewer() is a total order, wherever the fixes lie", () => {
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
  const fixes = fc.tuple(times, differences, fc.boolean()).map(
    ([time, difference, isInside]) => {
      const fix = at(time, difference);
      return isInside ? inside(lineText(fix)) : fix;
    },
  );
  fc.assert(
    fc.property(fixes, fixes, fixes, (a, b, c) => {
      const isSame = lineText(a) === lineText(b);
      assertEquals(isNewer(a, b) || isNewer(b, a), !isSame);
      assert(!(isNewer(a, b) && isNewer(b, a)));
      if (isNewer(a, b) && isNewer(b, c)) assert(isNewer(a, c));
    }),
    { numRuns: 1_000 },
  );
});
