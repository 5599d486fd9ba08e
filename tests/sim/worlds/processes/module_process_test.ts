import { assertEquals } from "@std/assert";
import { ModuleProcess } from "../../../../sim/worlds/processes/module_process.ts";
import { unless, whyNoProgram } from "../../../skipped.ts";

Deno.test("ModuleProcess.pause() starts nothing for a process that has ended", async () => {
  const module = new URL("data:text/javascript,");
  const process = new ModuleProcess({ module, permissions: [] });
  assertEquals(await process.ended, "it ended with exit code 0");
  for await (const _ of process.said);
  // What it started would be left over as the test ends.
  await process.pause();
});

/** The shells that this process has started; one that has ended stays until it is heard of. */
function shellsHere(): number {
  const { stdout } = new Deno.Command("ps", {
    args: ["-A", "-o", "ppid=,comm="],
  }).outputSync();
  return new TextDecoder().decode(stdout).split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([parent, name]) => Number(parent) === Deno.pid && name === "sh")
    .length;
}

Deno.test({
  ...unless(
    whyNoProgram("ps"),
    "ModuleProcess.ended waits for the watch that resume() has called off",
  ),
  async fn() {
    const module = new URL("data:text/javascript,setInterval(() => {}, 1000)");
    const process = new ModuleProcess({ module, permissions: [] });
    const said = Array.fromAsync(process.said);
    await process.pause();
    process.kill();
    // Nothing is heard meanwhile: its end is known before that of the watch.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    process.resume();
    await process.ended;
    assertEquals(shellsHere(), 0);
    assertEquals(await said, []);
  },
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
