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

Deno.test("ownPort() keeps what libraries print apart from messages", async () => {
  const own = import.meta.resolve(
    "../../../../sim/worlds/processes/own_port.ts",
  );
  const text = `import { ownPort } from "${own}";
    const port = ownPort();
    port.post(1);
    for (const way of ["log", "info", "debug"]) console[way]("");
    port.post(2);
    await port.written();`;
  const module = new URL(`data:text/javascript,${encodeURIComponent(text)}`);
  const process = new ModuleProcess({
    module,
    permissions: ["--allow-import"],
  });
  const said: unknown[] = [];
  for await (const value of process.said) said.push(value);
  assertEquals(said, [1, 2]);
  assertEquals(await process.ended, "it ended with exit code 0");
});
