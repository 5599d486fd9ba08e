import { assert } from "@std/assert";
import { AS_TASKS } from "../../bench/sections/start.ts";

const ROOT = new URL("../../", import.meta.url);

Deno.test("the section start is run with the flags of the tasks", async () => {
  const { tasks } = JSON.parse(
    await Deno.readTextFile(new URL("deno.json", ROOT)),
  );
  for (const name of ["herd", "scenario"]) {
    const { command } = tasks[name];
    for (const flag of AS_TASKS) {
      assert(command.includes(` ${flag} sim/`), command);
    }
  }
});
