import { assertEquals, assertThrows } from "@std/assert";
import { GARBAGE_RANGES } from "../../../../sim/model/faults/garbage.ts";
import { GREEDY_RANGES } from "../../../../sim/model/faults/greedy.ts";
import { SKEW_RANGES } from "../../../../sim/model/steps/clock_skew.ts";
import { COUNT_MAX } from "../../../../sim/model/numbers.ts";
import { LINK_FAULTS } from "../../../../sim/model/steps/link_faults.ts";
import {
  checkSettings,
  type Ranges,
  rangesOf,
} from "../../../../sim/model/steps/settings.ts";

const MS_MAX = 2 ** 31 - 1;
const LINES = ["percent 0 100", `nth 1 ${COUNT_MAX}`];

Deno.test({
  name: "rangesOf() follows from the fields of each fault of links",
  permissions: "none",
  fn() {
    const table: Record<string, string[]> = {
      cut: [],
      half_open: [],
      latency: [
        `latencyMs 0 ${MS_MAX}`,
        `jitterMs 0 ${MS_MAX}`,
        "correlation 0 1",
      ],
      bandwidth: [`bytesPerSecond 1 ${1e12}`],
      slicer: [
        `averageBytes 1 ${1e12}`,
        `variationBytes 0 ${1e12}`,
        `delayMs 0 ${MS_MAX}`,
      ],
      limit_data: [`bytes 0 ${1e12}`],
      slow_close: [`delayMs ${Number.MIN_VALUE} ${MS_MAX}`],
      timeout: [`timeoutMs 0 ${MS_MAX}`],
      loss: LINES,
      duplicate: LINES,
      reorder: LINES,
      corrupt: LINES,
    };
    for (const fault of LINK_FAULTS) {
      assertEquals(
        Object.entries(rangesOf(fault))
          .map(([name, { min = 0, max }]) => `${name} ${min} ${max}`),
        table[fault.kind],
        fault.kind,
      );
    }
  },
});

Deno.test({
  name: "checkSettings() takes both borders of each number, and nothing beyond",
  permissions: "none",
  fn() {
    const all: Ranges[] = [
      ...LINK_FAULTS.map(rangesOf),
      GARBAGE_RANGES,
      GREEDY_RANGES,
      SKEW_RANGES,
    ];
    for (const ranges of all) {
      for (const [name, { min = 0, max, isWhole }] of Object.entries(ranges)) {
        checkSettings({ [name]: min }, ranges);
        checkSettings({ [name]: max }, ranges);
        const beyond = [min - 1, max + 1, NaN, Infinity, -Infinity, "1"];
        for (const value of [...beyond, ...isWhole ? [min + 0.5] : []]) {
          const check = () => checkSettings({ [name]: value }, ranges);
          assertThrows(check, RangeError, name);
        }
      }
    }
    checkSettings({ kind: "loss", lines: "AT" }, rangesOf(LINK_FAULTS[7]));
  },
});
