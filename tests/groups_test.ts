/**
 * `deno task test` tests the groups: no file of tests may be in none of them.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { groupOf, GROUPS, testFiles } from "./groups/load.ts";

const ROOT = new URL("../", import.meta.url);

Deno.test("testFiles() finds every file that Deno would test, each in a group that is loaded", async () => {
  const files = await testFiles();
  assert(files.includes("groups_test.ts"), files.join("\n"));
  const tracked = await new Deno.Command("git", {
    args: ["ls-files", "--cached", "--others", "--exclude-standard"],
    cwd: ROOT,
  }).output();
  const named = new TextDecoder().decode(tracked.stdout).split("\n")
    .filter((path) => /(^|[/_.])test\.[mc]?[jt]sx?$/.test(path))
    .filter((path) => !/^(tests\/groups|examples)\//.test(path));
  assertEquals(files.map((path) => `tests/${path}`), named.sort());
  for (const path of files) assert(groupOf(path) in GROUPS, path);

  const modules = [...Deno.readDirSync(new URL("tests/groups/", ROOT))]
    .map(({ name }) => name).filter((name) => name !== "load.ts");
  assertEquals(
    modules.sort(),
    Object.keys(GROUPS).map((name) => `${name}_test.ts`).sort(),
  );
  for (const name of modules) {
    const text = await Deno.readTextFile(new URL(`tests/groups/${name}`, ROOT));
    assert(text.includes("await loadGroup(import.meta.url);"), name);
  }
});

Deno.test("no test changes the working folder, for all tests share one", async () => {
  for (const path of await testFiles()) {
    const text = await Deno.readTextFile(new URL(`tests/${path}`, ROOT));
    assert(!/Deno\.chdir/.test(text), path);
  }
});

Deno.test("groupOf() goes by the longest part of a path", () => {
  assertEquals(groupOf("sim/live/drill/runner_test.ts"), "drill_runner");
  assertEquals(groupOf("sim/live/drill/plan_test.ts"), "drill");
  assertEquals(groupOf("sim/live/places/places_test.ts"), "live");
  assertEquals(groupOf("new/a_test.ts"), "others");
});
