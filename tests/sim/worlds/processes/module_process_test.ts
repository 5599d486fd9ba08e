import { assertEquals } from "@std/assert";
import { ModuleProcess } from "../../../../sim/worlds/processes/module_process.ts";

Deno.test("ModuleProcess.pause() starts nothing for a process that has ended", async () => {
  const module = new URL("data:text/javascript,");
  const process = new ModuleProcess({ module, permissions: [] });
  assertEquals(await process.ended, "it ended with exit code 0");
  for await (const _ of process.said);
  // What it started would be left over as the test ends.
  await process.pause();
});
