import { assertEquals, assertThrows } from "@std/assert";
import { checkedNumber, COUNT_MAX } from "../../../sim/model/numbers.ts";
import { checkSettings } from "../../../sim/model/faults/settings.ts";
import { chosen, type Mode } from "../../../sim/model/faults/targets.ts";
import { Random } from "../../../sim/model/random.ts";

Deno.test({
  name: "checkedNumber() takes both borders, and tells them of what is beyond",
  permissions: "none",
  fn() {
    const percent = { max: 100, unit: "%" };
    for (const value of [0, 0.5, 100]) {
      assertEquals(checkedNumber(value, "percent", percent), value);
    }
    for (const value of [-0.001, 100.1, NaN, Infinity, -Infinity, "7", null]) {
      assertThrows(
        () => checkedNumber(value, "percent", percent),
        RangeError,
        `Cannot take percent ${value}: it must be from 0 to 100 %`,
      );
    }
    const nth = { min: 1, max: 3, isWhole: true } as const;
    for (const value of [0, 1.5, 4]) {
      assertThrows(
        () => checkedNumber(value, "nth", nth),
        RangeError,
        "it must be a whole number from 1 to 3",
      );
    }
  },
});

Deno.test({
  name: "checkSettings() knows the borders of each number of a fault",
  permissions: "none",
  fn() {
    const table: [name: string, least: number, most: number][] = [
      ["latencyMs", 0, 2 ** 31 - 1],
      ["jitterMs", 0, 2 ** 31 - 1],
      ["delayMs", 0, 2 ** 31 - 1],
      ["timeoutMs", 0, 2 ** 31 - 1],
      ["correlation", 0, 1],
      ["bytesPerSecond", 1, 1e12],
      ["averageBytes", 1, 1e12],
      ["variationBytes", 0, 1e12],
      ["bytes", 0, 1e12],
      ["percent", 0, 100],
      ["nth", 1, COUNT_MAX],
      ["offsetMs", -3.6e12, 3.6e12],
      ["driftPpm", -1e6, 1e6],
      ["ratePerSecond", Number.MIN_VALUE, 1e6],
      ["clients", 1, 5_000],
    ];
    for (const [name, least, most] of table) {
      checkSettings({ [name]: least });
      checkSettings({ [name]: most });
      const beyond = [least - 1, most + 1, NaN, Infinity, -Infinity, "1"];
      for (const value of beyond) {
        assertThrows(() => checkSettings({ [name]: value }), RangeError, name);
      }
    }
    checkSettings({ kind: "loss", lines: "AT", distribution: "normal" });
  },
});

Deno.test({
  name: "chosen() takes no number of targets that is none",
  permissions: "none",
  fn() {
    const modes: Mode[] = [NaN, Infinity, -1, 101].map((percent) => ({
      percent,
    }));
    for (const fixed of [NaN, Infinity, -1, 1.5]) modes.push({ fixed });
    for (const mode of modes) {
      assertThrows(
        () => chosen(["a", "b"], mode, new Random(1, "x")),
        RangeError,
        "Cannot take ",
      );
    }
  },
});
