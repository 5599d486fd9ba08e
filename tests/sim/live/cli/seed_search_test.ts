import { assertEquals } from "@std/assert";
import { settled } from "../../../../sim/live/cli/seed_search.ts";
import { verdictOfAll } from "../../../../sim/model/report/result.ts";

function group(isSettled: boolean, ...seeds: number[]) {
  return { checks: ["converged"], seeds, first: 3, isSettled };
}

Deno.test("settled() takes no seed for failed that did not fail again", () => {
  const seeds = { passed: [1, 2, 3], failed: [4, 5, 6], unknown: [7] };
  const doubtful = group(false, 4, 6);
  assertEquals(settled(seeds, [doubtful]), {
    passed: [1, 2, 3],
    failed: [5],
    unknown: [7, 4, 6],
  });
  const alone = { passed: [1], failed: [4, 6], unknown: [] };
  assertEquals(verdictOfAll(settled(alone, [doubtful])), "unknown");
});

Deno.test("settled() leaves a seed failed that failed again by another check", () => {
  const seeds = { passed: [], failed: [4, 6], unknown: [] };
  for (
    const groups of [[group(false, 4, 6), group(true, 6)], [
      group(true, 6),
      group(false, 4, 6),
    ]]
  ) {
    const found = settled(seeds, groups);
    assertEquals(found, { passed: [], failed: [6], unknown: [4] });
    assertEquals(verdictOfAll(found), "failed");
  }
});
