/**
 * The comparison of two clocks, by heartbeats that are late.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import {
  ClockCompare,
  type ClockDifference,
} from "../../../herd/net/clock_compare.ts";

const START_MS = 1_700_000_000_000;

/** Two ends, one whose clock is ahead, and what this one finds. */
function compared(
  aheadMs: number,
  ways: readonly (readonly [thereMs: number, backMs: number])[],
): ClockDifference[] {
  const found: ClockDifference[] = [];
  let nowMs = START_MS;
  const near = new ClockCompare(
    { wallMs: () => nowMs },
    (it) => found.push(it),
  );
  const far = new ClockCompare({ wallMs: () => nowMs + aheadMs }, () => {});
  for (const [thereMs, backMs] of ways) {
    const [ping, theirs] = [near.stamp(), far.stamp()];
    nowMs += backMs;
    near.pinged(theirs);
    nowMs += thereMs;
    near.ponged(ping);
    nowMs += 1_000;
  }
  return found;
}

Deno.test({
  name: "ClockCompare finds by how much a clock is ahead, to half of both ways",
  permissions: "none",
  fn() {
    for (const aheadMs of [-5_000, -1, 0, 700, 3_600_000]) {
      const found = compared(aheadMs, [[10, 10], [200, 3], [3, 200], [1, 2]]);
      assertEquals(found.length, 4);
      for (const it of found) {
        assert(Math.abs(it.aheadMs - aheadMs) <= it.withinMs + 1);
      }
      assert(found[3]!.withinMs <= 2);
    }
  },
});

Deno.test({
  name:
    "ClockCompare says nothing of who counts heartbeats, nor of a clock that was set",
  permissions: "none",
  fn() {
    const found: ClockDifference[] = [];
    let nowMs = START_MS;
    const near = new ClockCompare(
      { wallMs: () => nowMs },
      (it) => found.push(it),
    );
    near.pinged(7);
    near.ponged(7);
    const ping = near.stamp();
    nowMs -= 10_000;
    near.ponged(ping);
    assertEquals(found, []);
  },
});
