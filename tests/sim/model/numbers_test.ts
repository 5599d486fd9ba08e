import { assertEquals, assertThrows } from "@std/assert";
import { checkedNumber } from "../../../sim/model/numbers.ts";
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
