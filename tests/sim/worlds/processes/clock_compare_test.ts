import { assertEquals } from "@std/assert";
import type { Clock } from "../../../../herd/net/platform.ts";
import { compareClocks } from "../../../../sim/worlds/processes/clock_compare.ts";

Deno.test("compareClocks() believes the answer that came soonest", () => {
  let nowMs = 1_000;
  let asked = 0;
  const found: number[] = [];
  const clock = { nowMs: () => nowMs } as Clock;
  const hear = compareClocks(
    clock,
    () => asked++,
    (aheadMs) => found.push(aheadMs),
  );
  // There it is 500 ms later; the way back takes all of what is above 4 ms.
  for (const tookMs of [300, 40, 4, 20, 90]) {
    const atMs = nowMs + 2 + 500;
    nowMs += tookMs;
    hear(atMs);
  }
  assertEquals(found, [500]);
  assertEquals(asked, 5);
  hear(0);
  assertEquals(found, [500]);
});
