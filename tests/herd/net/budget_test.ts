/**
 * What many may use of together.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Budget } from "../../../herd/net/budget.ts";
import { pure } from "../core/pure.ts";

const MAX = 16_384 * 100;

pure(
  "Budget lets nobody have more than a small part when it is used up",
  () => {
    const budget = new Budget(MAX);
    budget.change(0, MAX);
    assert(!budget.isTooMuch(MAX), "It is not used up yet");
    budget.change(0, 1);
    assert(budget.isTooMuch(101));
    assert(!budget.isTooMuch(100));
    budget.change(MAX, 0);
    assertEquals(budget.used, 1);
    assert(!budget.isTooMuch(MAX));
  },
);

pure("Budget is a bound, however many use it", () => {
  const budget = new Budget(MAX);
  const reply = 50_000;
  for (let user = 0; user < 1_000; user++) {
    for (let used = 0; used < MAX && !budget.isTooMuch(used); used += reply) {
      budget.change(used, used + reply);
    }
  }
  assert(budget.used <= MAX + 1_000 * reply, `${budget.used} are used`);
});
