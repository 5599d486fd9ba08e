/**
 * Drills whose point holds however updates get from server to server; those that
 * ship are all run in each mode by `drills.slow.ts`.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { runDrill, summary, verdictOf } from "../../../../mod.ts";

Deno.test("drills about who can be reached pass in mode ondemand", async () => {
  const options = { world: "virtual", seed: 7, mode: "ondemand" } as const;
  for (const drill of ["partition", "cascade", "frozen-server"]) {
    const result = await runDrill(drill, options);
    assertEquals(verdictOf(result), "passed", summary(result));
    const unsure = result.steps.filter((it) => it.isUnknown || it.isSkipped);
    assertEquals(unsure.length, 0, summary(result));
  }
});
