import { assert, assertEquals } from "@std/assert";
import { latencyOf } from "../../../../sim/model/checks/latency.ts";
import { percentilesOf } from "../../../../sim/model/web/percentiles.ts";

Deno.test({
  name: "percentiles are the least value that so many percent do not exceed",
  permissions: "none",
  fn() {
    for (let count = 1; count <= 1_200; count++) {
      const values = Array.from({ length: count }, (_, i) => i + 1);
      const latency = latencyOf(values)!;
      const { p50, p90, p99 } = latency;
      const told = { 50: p50, 90: p90, 99: p99, 99.9: latency["p99.9"] };
      for (const [percent, value] of Object.entries(told)) {
        const least = values.find((it) =>
          it * 1_000 >= Number(percent) * 10 * count
        );
        assertEquals(value, least, `${percent} % of ${count}`);
      }
      // The live page tells the same figures.
      assertEquals(percentilesOf(values), { p50, p99, samples: count });
    }
  },
});

Deno.test({
  name: "latencyOf() has the percentiles of the sorted values",
  permissions: "none",
  fn() {
    const values = Array.from({ length: 10_000 }, (_, i) => (i + 1) / 10);
    const { count, max, ...percentiles } = latencyOf(values)!;
    assertEquals(count, 10_000);
    for (const [name, ms] of Object.entries(percentiles)) {
      const exact = Number(name.slice(1)) * 10;
      assertEquals(ms, exact, name);
    }
    assertEquals(max, 1_000);
    const few = latencyOf([5, 1, 3])!;
    assertEquals([few.p50, few.p90, few.max], [3, 5, 5]);
  },
});

Deno.test({
  name: "latencyOf() is undefined without values, and takes any value",
  permissions: "none",
  fn() {
    assertEquals(latencyOf([]), undefined);
    assertEquals(latencyOf([0, -1])?.max, 0.001);
    assert(latencyOf([1e12])!.max >= 3_600_000);
  },
});
