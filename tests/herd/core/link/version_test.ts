import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  clientText,
  type FixSpan,
  isNewer,
  timeText,
} from "../../../../herd/core/wire/fix.ts";
import { Line } from "../../../../herd/core/wire/line.ts";
import type { BadLine } from "../../../../herd/core/wire/message.ts";
import {
  clientOf,
  heldOrder,
  mayLack,
  ownVersion,
  parseVersion,
  type Version,
} from "../../../../herd/core/link/version.ts";
import { fix, lineWithin, pure, storeOf, versionOf, written } from "../pure.ts";

function told(version: Version) {
  const { seconds, nanos, tie } = version;
  return [clientText(version), timeText(version), seconds, nanos, tie];
}

pure("parseVersion() reads a line of a HAVE list", () => {
  const version = versionOf(" k\xffwi \t-1.50 0123456789abcdef");
  const tie = { high: 0x01234567, low: 0x89abcdef };
  assertEquals(told(version), ["k\xffwi", "-1.50", -2, 500_000_000, tie]);
  assertEquals(told(ownVersion(version)), told(version));
  const table: [BadLine, string][] = [
    ["field-count", ""],
    ["field-count", "kiwi 1"],
    ["field-count", "kiwi 1 0123456789abcdef x"],
    ["bad-time", "kiwi 1e5 0123456789abcdef"],
    ["bad-tie", "kiwi 1 0123456789abcdeF"],
    ["bad-tie", "kiwi 1 0123456789abcde"],
  ];
  for (const [why, line] of table) {
    assertEquals(parseVersion(lineWithin(line)), { kind: "bad", why });
  }
});

pure("parseVersion() takes any bytes, in any surroundings", () => {
  const words = fc.array(
    fc.oneof(
      fc.constantFrom("1", "-0.5", "0123456789abcdef", "", "\t"),
      fc.string({ unit: "binary-ascii", maxLength: 17 }),
    ),
    { maxLength: 5 },
  );
  const read = (line: Line) => {
    const version = parseVersion(line);
    return "kind" in version ? version : told(version);
  };
  fc.assert(
    fc.property(words, (words) => {
      const line = words.join(" ");
      assertEquals(read(lineWithin(line)), read(Line.of(line)));
    }),
    { numRuns: 500 },
  );
});

/** The version of a fix, as a neighbour that holds it writes it. */
function versionOfFix(fix: FixSpan): Version {
  const store = storeOf([fix]);
  return versionOf(written((out) => store.writeVersion(0, out)));
}

pure("heldOrder() and mayLack() tell who has the newer one", () => {
  const times = fc.constantFrom("1", "1.0", "1.0000000001", "2", "-1");
  const differences = fc.constantFrom("+0.000000001", "+0.000000002");
  const held = fc.option(fc.tuple(times, differences));
  fc.assert(
    fc.property(held, times, differences, (held, time, difference) => {
      const theirs = fix("kiwi", time, difference);
      const ours = held && fix("kiwi", ...held);
      const store = storeOf([fix("fig", "9"), ...ours ? [ours] : []]);
      const version = versionOfFix(theirs);
      const client = clientOf(store, version);
      assertEquals(client, ours ? 1 : -1);
      const found = heldOrder(store, client, version);
      const order = Number(time) - Number(held?.[0]);
      if (!ours) assertEquals(found, "none");
      else if (isNewer(theirs, ours)) {
        assertEquals(found, order > 0 ? "older" : "undecided");
      } else if (isNewer(ours, theirs)) {
        assertEquals(found, order < 0 ? "newer" : "undecided");
      } else assertEquals(found, "same");
      assertEquals(
        mayLack(store, version),
        ["none", "older", "undecided"].includes(found),
      );
    }),
    { numRuns: 300 },
  );
});
