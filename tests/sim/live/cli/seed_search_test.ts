import { assertEquals } from "@std/assert";
import { unsettled } from "../../../../sim/live/cli/seed_search.ts";
import { verdictOfAll } from "../../../../sim/model/report/result.ts";

Deno.test("unsettled() takes no seed for failed that did not fail again", () => {
  const group = { checks: ["converged"], seeds: [4, 6], first: 3 };
  const seeds = { passed: [1, 2, 3], failed: [4, 5, 6], unknown: [7] };
  assertEquals(unsettled(seeds, group), {
    passed: [1, 2, 3],
    failed: [5],
    unknown: [7, 4, 6],
  });
  const alone = { passed: [1], failed: [4, 6], unknown: [] };
  assertEquals(verdictOfAll(unsettled(alone, group)), "unknown");
});
