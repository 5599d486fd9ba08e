import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  checkLimits,
  DEFAULT_LIMITS,
  LIMIT_KEYS,
  LIMITS,
} from "../../../herd/core/limits.ts";

Deno.test({
  name: "LIMITS has each default within its range, of whole numbers",
  permissions: "none",
  fn() {
    checkLimits(DEFAULT_LIMITS);
    for (const key of LIMIT_KEYS) {
      const { min, max, usual } = LIMITS[key];
      assert(min <= max && min <= usual, key);
      assert(usual <= max || usual === Infinity, key);
      for (const bound of [min, max]) checkLimits({ [key]: bound });
    }
  },
});

Deno.test({
  name: "checkLimits() refuses what is out of a limit's range, or no limit",
  permissions: "none",
  fn() {
    for (const key of LIMIT_KEYS) {
      const { min, max } = LIMITS[key];
      for (const value of [min - 1, max + 1, min + 0.5, NaN, -Infinity]) {
        assertThrows(() => checkLimits({ [key]: value }), RangeError, key);
      }
    }
    assertThrows(
      () => checkLimits({ lineBytesMax: Infinity }),
      RangeError,
      "Cannot set lineBytesMax to Infinity",
    );
    assertThrows(
      () => checkLimits({ lineBytes: 1 } as Record<string, number>),
      RangeError,
      "Cannot use the limit lineBytes: there is none",
    );
    assertEquals(DEFAULT_LIMITS.futureMsMax, Infinity);
  },
});
