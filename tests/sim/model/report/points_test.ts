import { assertEquals } from "@std/assert";
import type { DrillResult } from "../../../../sim/model/report/result.ts";
import { neverReached, pointsOf } from "../../../../sim/model/report/points.ts";

function points(metrics: [string, number | boolean | undefined][]): string[] {
  const result = {
    assessment: { metrics: new Map(metrics) },
    // Fig is down at the end.
    records: new Map([["Ash", []]]),
  };
  return pointsOf(result as unknown as DrillResult);
}

Deno.test("pointsOf() tells of each counter whether it is none, one or several", () => {
  assertEquals(
    points([
      ["repairs", 0],
      ["ties", 1],
      ["updates", 17],
      ["converged", true],
      ["p50", 1.5],
      // Whole by chance.
      ["p90", 2],
      ["messages_per_update", 6],
      ["time_to_heal", undefined],
      ["restarts.Ash.count", 1],
      ["queues.Fig.max", 3],
    ]),
    ["repairs 0", "ties 1", "updates several", "converged true"],
  );
});

Deno.test("neverReached() names what no run has reached", () => {
  const sometimes = [{ text: "ties >= 1" }, { text: "repairs >= 1" }];
  const scenario = { sometimes } as unknown as DrillResult["scenario"];
  assertEquals(neverReached(scenario, new Set(["ties >= 1"])), [
    "repairs >= 1",
  ]);
  assertEquals(
    neverReached({} as unknown as DrillResult["scenario"], new Set()),
    [],
  );
});
