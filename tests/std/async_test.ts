import { abortable } from "@std/async";
import { assertEquals, assertRejects } from "@std/assert";

Deno.test({
  name:
    "abortable() brings what its promise does, unless the signal comes first",
  permissions: "none",
  async fn() {
    const aborter = new AbortController();
    const { signal } = aborter;
    assertEquals(await abortable(Promise.resolve(5), signal), 5);
    const waiting = abortable(new Promise<void>(() => {}), signal);
    aborter.abort(new Error("too late"));
    await assertRejects(() => waiting, Error, "too late");
  },
});
