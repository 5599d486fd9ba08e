import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { shrink } from "../../../../sim/model/scenario/shrink.ts";

Deno.test({
  name: "shrink() keeps just what a failure needs, whatever that is",
  permissions: "none",
  async fn() {
    const needs = fc.uniqueArray(fc.nat(29), { maxLength: 6 });
    await fc.assert(fc.asyncProperty(needs, async (needed) => {
      const items = Array.from({ length: 30 }, (_, i) => i);
      const kept = await shrink(
        items,
        (tried) => Promise.resolve(needed.every((it) => tried.includes(it))),
      );
      assertEquals(kept, needed.toSorted((a, b) => a - b));
    }));
  },
});

Deno.test({
  name: "shrink() leaves no item that could be left out alone",
  permissions: "none",
  async fn() {
    // Two ways to fail: the shorter need not be found, but one of both is.
    const fails = (tried: readonly number[]) =>
      Promise.resolve(
        [1, 5, 9].every((it) => tried.includes(it)) ||
          [2, 3].every((it) => tried.includes(it)),
      );
    const kept = await shrink([1, 2, 3, 4, 5, 6, 7, 8, 9], fails);
    assert(await fails(kept));
    for (const item of kept) {
      assert(!await fails(kept.filter((it) => it !== item)));
    }
  },
});

Deno.test({
  name: "shrink() asks for few runs",
  permissions: "none",
  async fn() {
    let runs = 0;
    const items = Array.from({ length: 64 }, (_, i) => i);
    await shrink(items, (tried) => {
      runs++;
      return Promise.resolve([20, 21].every((it) => tried.includes(it)));
    });
    assert(runs <= 40, `${runs} runs`);
  },
});
