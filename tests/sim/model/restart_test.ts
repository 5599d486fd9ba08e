import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  addRestart,
  backoffMs,
  DEFAULT_BACKOFF,
  RESTART_POLICIES,
  wantsRestart,
} from "../../../sim/model/restart.ts";

Deno.test({
  name: "wantsRestart() follows the three policies of the OTP supervisor",
  permissions: "none",
  fn() {
    const table = RESTART_POLICIES.map((policy) => [
      policy,
      wantsRestart(policy, "crashed"),
      wantsRestart(policy, "killed"),
    ]);
    assertEquals(table, [
      ["permanent", true, true],
      ["transient", true, false],
      ["temporary", false, false],
    ]);
  },
});

/** Runs restarts at these times; true where one was allowed. */
function allowed(timesMs: number[], restarts: number, periodMs: number) {
  let recentMs: readonly number[] = [];
  return timesMs.map((nowMs) => {
    const verdict = addRestart(recentMs, nowMs, { restarts, periodMs });
    recentMs = verdict.recentMs;
    return verdict.allowed;
  });
}

Deno.test({
  name: "addRestart() counts a restart that is exactly one period old",
  permissions: "none",
  fn() {
    assertEquals(allowed([0, 10, 100], 2, 100), [true, true, false]);
    assertEquals(allowed([0, 10, 101], 2, 100), [true, true, true]);
    assertEquals(allowed([0], 0, 100), [false]);
    assertEquals(allowed([0, 6, 12, 18], 1, 5), [true, true, true, true]);
  },
});

Deno.test({
  name: "addRestart() allows what counting the whole history allows",
  permissions: "none",
  fn() {
    fc.assert(fc.property(
      fc.array(fc.nat(50), { maxLength: 30 }),
      fc.nat(5),
      fc.nat(100),
      (gapsMs, restarts, periodMs) => {
        let nowMs = 0;
        const timesMs = gapsMs.map((gapMs) => nowMs += gapMs);
        const counted = timesMs.map((atMs, i) =>
          timesMs.slice(0, i + 1)
            .filter((otherMs) => otherMs >= atMs - periodMs).length <= restarts
        );
        assertEquals(allowed(timesMs, restarts, periodMs), counted);
      },
    ));
  },
});

Deno.test({
  name:
    "backoffMs() doubles from the least to the greatest, and is none by default",
  permissions: "none",
  fn() {
    const counts = [1, 2, 3, 4, 2_000];
    const waits = (minMs: number, maxMs: number) =>
      counts.map((count) => backoffMs({ minMs, maxMs }, count));
    assertEquals(waits(50, 300), [50, 100, 200, 300, 300]);
    assertEquals(waits(50, 50), [50, 50, 50, 50, 50]);
    const { minMs, maxMs } = DEFAULT_BACKOFF;
    assertEquals(waits(minMs, maxMs), [0, 0, 0, 0, 0]);
  },
});
