import { assertEquals } from "@std/assert";
import {
  expectationText,
  isAsExpected,
  isPast,
  type ServerExpectation,
} from "../../../sim/model/server_expectation.ts";

const NOW = {
  state: "up",
  restarts: 2,
  backoffMs: 105.4,
  limitReached: false,
} as const;

Deno.test({
  name: "isAsExpected() wants all that is told, the back-off at least",
  permissions: "none",
  fn() {
    const table: [ServerExpectation, boolean][] = [
      [{}, true],
      [{ state: "up" }, true],
      [{ state: "crashed" }, false],
      [{ restarts: 2 }, true],
      [{ restarts: 1 }, false],
      [{ restarts: 3 }, false],
      [{ backoffMs: 105 }, true],
      [{ backoffMs: 106 }, false],
      [{ limitReached: false }, true],
      [{ limitReached: true }, false],
      [{ state: "up", restarts: 2, backoffMs: 100, limitReached: false }, true],
      [{ state: "up", restarts: 2, backoffMs: 100, limitReached: true }, false],
    ];
    for (const [wanted, expected] of table) {
      assertEquals(isAsExpected(NOW, wanted), expected, JSON.stringify(wanted));
    }
    const fresh = { ...NOW, restarts: 0, backoffMs: 0 };
    assertEquals(isAsExpected(fresh, { backoffMs: 0 }), false);
  },
});

Deno.test({
  name: "isPast() is true of more restarts than are wanted",
  permissions: "none",
  fn() {
    const past = [1, 2, 3].map((restarts) => isPast(NOW, { restarts }));
    assertEquals(past, [true, false, false]);
    assertEquals(isPast(NOW, { state: "crashed" }), false);
  },
});

Deno.test({
  name: "expectationText() tells what is told, in words",
  permissions: "none",
  fn() {
    assertEquals(
      expectationText(NOW),
      "up, restarted 2 times, backed off for 105ms, limit not reached",
    );
    assertEquals(
      expectationText({ restarts: 1, limitReached: true }),
      "restarted once, limit reached",
    );
  },
});
