import * as assertModule from "@std/assert";
import {
  assertEquals,
  AssertionError,
  assertRejects,
  assertThrows,
} from "@std/assert";

Deno.test("@std/assert declares exactly what its code exports", async () => {
  const types = await Deno.readTextFile(
    new URL("../../std/assert/mod.d.ts", import.meta.url),
  );
  const declared = types.matchAll(/^export (?:function|class) (\w+)/gm);
  assertEquals(
    [...new Set([...declared].map(([, name]) => name!))].sort(),
    Object.keys(assertModule).sort(),
  );
});

Deno.test({
  name: "assertEquals() tells the difference",
  permissions: "none",
  fn() {
    const error = assertThrows(
      () => assertEquals({ a: 1 }, { a: 2 }),
      AssertionError,
    );
    assertEquals(/-.*a: 1[\s\S]*\+.*a: 2/.test(error.message), true);
  },
});

Deno.test({
  name: "assertRejects() fails if nothing is rejected",
  permissions: "none",
  async fn() {
    await assertRejects(
      () => assertRejects(() => Promise.resolve()),
      AssertionError,
      "reject",
    );
  },
});
