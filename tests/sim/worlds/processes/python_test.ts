import { assertEquals, assertMatch } from "@std/assert";
import {
  anyPython,
  withPythonOf,
} from "../../../../sim/worlds/processes/python.ts";

Deno.test("withPythonOf() gives the path of the Python that a command means", async () => {
  const [path = "", ...rest] = await withPythonOf(".", ["python3", "-c", "x"]);
  assertMatch(path, /^\/.*python[\d.]*$/);
  assertEquals(rest, ["-c", "x"]);
  // It is no version manager, but the very program.
  assertEquals(await executable(path), path);
});

Deno.test("withPythonOf() leaves other commands, and what there is not, alone", async () => {
  for (
    const command of [[], ["node", "x.js"], ["./python3"], ["python9.99", "x"]]
  ) {
    assertEquals(await withPythonOf(".", command), command);
  }
});

Deno.test("anyPython() runs scripts", async () => {
  assertMatch(await executable(anyPython()), /^\//);
});

async function executable(python: string): Promise<string> {
  const { stdout } = await new Deno.Command(python, {
    args: ["-c", "import sys; print(sys.executable)"],
  }).output();
  return new TextDecoder().decode(stdout).trim();
}
