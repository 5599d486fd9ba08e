import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import {
  spread,
  standardNormal,
} from "../../../../sim/model/faults/distribution.ts";
import { corrupted } from "../../../../sim/model/steps/corrupt.ts";
import { Delays } from "../../../../sim/model/steps/latency.ts";
import {
  countsLine,
  hitsLine,
  type LineSettings,
} from "../../../../sim/model/steps/line_fault.ts";
import type { Spot } from "../../../../sim/model/steps/link_fault.ts";
import { LINK_FAULTS } from "../../../../sim/model/steps/link_faults.ts";
import { sliceBytes } from "../../../../sim/model/steps/slicer.ts";

const LINE_FAULTS = LINK_FAULTS.filter(({ isOfLines }) => isOfLines);

const SPOT: Spot = { seed: 7, direction: "Alford>Parker", id: "loss-1" };

/** The numbers of the lines, out of `count`, that a fault hits. */
function hits(fault: LineSettings, spot: Spot, count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1)
    .filter((number) => hitsLine(fault, spot, number));
}

Deno.test({
  name: "hitsLine() hits the asked share of 10,000 lines, within 2 points",
  permissions: "none",
  fn() {
    for (const { kind } of LINE_FAULTS) {
      for (const percent of [0, 1, 10, 33.3, 50, 90, 100]) {
        for (const seed of [0, 1, 7, 0xffff_ffff]) {
          const spot = { ...SPOT, seed, id: `${kind}-1` };
          const share = hits({ percent }, spot, 10_000).length / 100;
          assert(Math.abs(share - percent) < 2, `${kind} ${percent}: ${share}`);
        }
      }
    }
    assertEquals(hits({ percent: 0 }, SPOT, 10_000), []);
    assertEquals(hits({}, SPOT, 100).length, 100);
  },
});

Deno.test({
  name: "hitsLine() follows from seed, direction, fault and line alone",
  permissions: "none",
  fn() {
    const fault = { percent: 50 };
    const all = hits(fault, SPOT, 200);
    // Whatever was asked before, in whatever order.
    const backwards = Array.from({ length: 200 }, (_, i) => 200 - i)
      .filter((number) => hitsLine(fault, SPOT, number)).reverse();
    assertEquals(backwards, all);
    for (
      const other of [
        { ...SPOT, seed: 8 },
        { ...SPOT, direction: "Parker>Alford" },
        { ...SPOT, id: "loss-2" },
      ]
    ) {
      const others = hits(fault, other, 200);
      assertNotEquals(others, all);
      // Half of what one hits is hit by the other: they are unrelated.
      const both = all.filter((number) => others.includes(number)).length;
      assert(both > 25 && both < 75, `${both} of ${all.length}`);
    }
  },
});

Deno.test({
  name: "hitsLine() hits the nth line and no other",
  permissions: "none",
  fn() {
    assertEquals(hits({ nth: 3 }, SPOT, 100), [3]);
  },
});

Deno.test({
  name: "countsLine() counts lines of the wanted kind, or all",
  permissions: "none",
  fn() {
    assert(countsLine({}, "PING"));
    assert(countsLine({ lines: "AT" }, "AT"));
    assert(!countsLine({ lines: "AT" }, "PING"));
  },
});

Deno.test({
  name: "corrupted() turns one bit, and makes no line of two",
  permissions: "none",
  fn() {
    const line = fc.uint8Array({ maxLength: 80 }).map((bytes) =>
      Uint8Array.from([...bytes.filter((b) => b !== 10 && b !== 13), 10])
    );
    fc.assert(fc.property(line, fc.nat(), (line, number) => {
      const before = [...line];
      const after = [...corrupted(line, SPOT, number)];
      assertEquals([...line], before);
      const changed = after.flatMap((byte, i) =>
        byte === before[i] ? [] : [byte ^ before[i]!]
      );
      assertEquals(changed.length, line.length === 1 ? 0 : 1);
      for (const bits of changed) assert(Number.isInteger(Math.log2(bits)));
      assertEquals(after.indexOf(10), after.length - 1);
      assertEquals(after.length, before.length);
    }));
  },
});

Deno.test({
  name:
    "corrupted() turns any bit of any byte but the end, one as often as another",
  permissions: "none",
  fn() {
    // A line that was cut has no end: its last byte is one like others.
    for (
      const [text, bytes] of [["UUUU\n", 4], ["UUUU", 4], ["U", 1]] as const
    ) {
      const line = new TextEncoder().encode(text);
      const count = 5_600;
      const turned = new Map<string, number>();
      for (let number = 0; number < count; number++) {
        const after = corrupted(line, SPOT, number);
        const at = after.findIndex((byte, i) => byte !== line[i]);
        const key = `${at} ${after[at]! ^ line[at]!}`;
        turned.set(key, (turned.get(key) ?? 0) + 1);
      }
      const kinds = bytes * 7;
      assertEquals(turned.size, kinds, text);
      for (const [kind, times] of turned) {
        const share = times / (count / kinds);
        assert(share > 0.6 && share < 1.5, `${kind}: ${times}`);
      }
    }
  },
});

function meanAndDeviation(values: readonly number[]): [number, number] {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const square = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return [mean, Math.sqrt(square / values.length)];
}

Deno.test({
  name: "Delays.next() keeps mean and spread of its distribution",
  permissions: "none",
  fn() {
    const deviations = { uniform: 20 / Math.sqrt(3), normal: 20, pareto: 20 };
    for (const distribution of ["uniform", "normal", "pareto"] as const) {
      for (const correlation of [0, 0.5]) {
        const delays = new Delays({
          latencyMs: 200,
          jitterMs: 20,
          correlation,
          distribution,
        }, SPOT);
        const values = Array.from({ length: 20_000 }, () => delays.next());
        const [mean, deviation] = meanAndDeviation(values);
        const what = `${distribution} ${correlation}: ${mean} ± ${deviation}`;
        assert(Math.abs(mean - 200) < 2, what);
        // The tail of a pareto distribution makes its deviation a matter of luck.
        const bearable = distribution === "pareto" ? 6 : 1.5;
        assert(
          Math.abs(deviation - deviations[distribution]) < bearable,
          what,
        );
        assert(values.every((ms) => ms >= 0));
      }
    }
  },
});

Deno.test({
  name: "Delays.next() is as correlated as was asked",
  permissions: "none",
  fn() {
    for (const correlation of [0, 0.25, 0.9]) {
      const delays = new Delays({
        latencyMs: 1_000,
        jitterMs: 10,
        correlation,
        distribution: "normal",
      }, SPOT);
      const values = Array.from({ length: 20_000 }, () => delays.next());
      const [mean, deviation] = meanAndDeviation(values);
      const covariance = values.slice(1).reduce(
        (sum, x, i) => sum + (x - mean) * (values[i]! - mean),
        0,
      ) / values.length;
      const found = covariance / deviation ** 2;
      assert(Math.abs(found - correlation) < 0.03, `${found}`);
    }
  },
});

Deno.test({
  name: "Delays.next() is the latency itself where there is no jitter",
  permissions: "none",
  fn() {
    const delays = new Delays({
      latencyMs: 100,
      jitterMs: 0,
      correlation: 0,
      distribution: "pareto",
    }, SPOT);
    assertEquals([delays.next(), delays.next()], [100, 100]);
  },
});

Deno.test({
  name: "spread() is finite at the ends of chance, and uniform stays within 1",
  permissions: "none",
  fn() {
    for (const radius of [0, 1e-12, 0.5, 1 - 2 ** -32]) {
      for (const angle of [0, 0.25, 0.5, 1 - 2 ** -32]) {
        const normal = standardNormal(radius, angle);
        assert(Math.abs(spread("uniform", normal)) <= 1);
        assert(Number.isFinite(spread("normal", normal)));
        assert(Number.isFinite(spread("pareto", normal)));
      }
    }
  },
});

Deno.test({
  name: "sliceBytes() stays within its variation, and above 0",
  permissions: "none",
  fn() {
    const sizes = (averageBytes: number, variationBytes: number) =>
      Array.from({ length: 1_000 }, (_, i) =>
        sliceBytes(
          { averageBytes, variationBytes },
          SPOT,
          i + 1,
        ));
    const some = sizes(10, 5);
    assertEquals([Math.min(...some), Math.max(...some)], [5, 15]);
    assertEquals(Math.min(...sizes(1, 1)), 1);
    assertEquals(new Set(sizes(4, 0)), new Set([4]));
  },
});
