import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  parsePosition,
  positionEnd,
} from "../../../../herd/core/wire/position.ts";
import { BAD_POSITIONS } from "../bad_words.ts";
import { pure, within } from "../pure.ts";

const GOOD: readonly [latitude: string, longitude: string][] = [
  ["+34.068930", "-118.445127"],
  ["+0", "-0"],
  ["-90.0", "+180.0"],
  ["+27.5916", "+086.5640"],
  ["+90", "-180"],
  ["+90.000000000000000000000", "+180.000000000000000000000"],
  ["-89.999999999999999999999", "-179.999999999999999999999"],
  ["+000000000000000000000000000090", "+0000000000000000000000000000180"],
];

pure("parsePosition() cuts a position in two, digits untouched", () => {
  for (const [latitude, longitude] of GOOD) {
    assertEquals(parsePosition(latitude + longitude), { latitude, longitude });
  }
});

pure("parsePosition() refuses what is no position", () => {
  for (const text of ["", " +34-118", "+34-118 ", ...BAD_POSITIONS]) {
    assertEquals(parsePosition(text), undefined, JSON.stringify(text));
  }
});

pure("positionEnd() sees no byte outside of its part", () => {
  const isPosition = (text: string) =>
    within(text, (bytes, start, end) => positionEnd(bytes, start, end) === end);
  for (const [latitude, longitude] of GOOD) {
    assert(isPosition(latitude + longitude));
  }
  for (const text of BAD_POSITIONS) {
    assert(!isPosition(text), JSON.stringify(text));
  }
});

/** A number is so many millionths at most, told without a double. */
function isWithin(text: string, max: number): boolean {
  const [whole, part = ""] = text.slice(1).split(".");
  return BigInt(whole + part.padEnd(30, "0")) <= BigInt(max) * 10n ** 30n;
}

pure("parsePosition() takes any bytes, and holds the limits exactly", () => {
  const near = fc.string({
    unit: fc.constantFrom(..."++--..0189 e"),
    maxLength: 14,
  });
  const bytes = fc.uint8Array({ maxLength: 20 })
    .map((bytes) => String.fromCharCode(...bytes));
  const whole = fc.constantFrom("0", "89", "90", "91", "179", "180", "181");
  const part = fc.constantFrom("", ".0", ".00000000000000001", ".9");
  const sign = fc.constantFrom("+", "-");
  const edge = fc.tuple(sign, whole, part, sign, whole, part)
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.oneof(near, bytes, edge), (text) => {
      const form = /^([+-]\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)$/.exec(text);
      const isGood = form !== null && !text.endsWith("\n") &&
        isWithin(form[1]!, 90) && isWithin(form[2]!, 180);
      assertEquals(parsePosition(text) !== undefined, isGood, text);
    }),
    { numRuns: 1_000 },
  );
  assert(isWithin("+90.0", 90) && !isWithin("+90.1", 90));
});
