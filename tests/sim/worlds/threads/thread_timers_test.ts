import { assert, assertEquals } from "@std/assert";
import type { Ran } from "./workers/timers.ts";

Deno.test("ThreadTimers run in order, none too soon, and an error in one ends the worker", async () => {
  const module = new URL("./workers/timers.ts", import.meta.url);
  const worker = new Worker(module, { type: "module" });
  const failed = Promise.withResolvers<string>();
  try {
    const ran = await new Promise<Ran>((resolve) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        failed.resolve(event.message);
      };
    });
    assertEquals(ran.names, [
      "at once",
      "before",
      "late",
      "at the same time",
      "begun by a timer",
    ]);
    assert(ran.soonestMs >= 0, `${ran.soonestMs} ms`);
    assertEquals(await failed.promise, "Uncaught Error: of a timer");
  } finally {
    worker.terminate();
  }
});
