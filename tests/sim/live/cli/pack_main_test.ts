/**
 * What is shipped: what a user needs, and nothing else.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../../../../", import.meta.url);
const PACK = "sim/live/cli/pack_main.ts";
const NEEDED = [
  "LICENSE",
  "README.md",
  "sim/scenarios/cascade.yaml",
  "topologies/2014.yaml",
];
const NOT_SHIPPED = /(?:^|\/)(?:tests?|bench|docs|examples|testing|\.\w+)\//;

/** The output of a program, which must succeed. */
async function outputOf(
  program: string,
  args: readonly string[],
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(stdout) +
    new TextDecoder().decode(stderr);
  assert(success, text);
  return text;
}

Deno.test("deno task pack packs what the library needs, without sources and tests", async () => {
  const path = await Deno.makeTempFile({ suffix: ".tgz" });
  try {
    await outputOf(Deno.execPath(), ["run", "-P=pack", PACK, path]);
    const files = (await outputOf("tar", ["-tzf", path])).trim().split("\n")
      .map((name) => name.replace(/^package\//, ""));
    for (const name of [...NEEDED, "mod.js", "mod.d.ts", "package.json"]) {
      assert(files.includes(name), name);
    }
    const wrong = files.filter((name) =>
      NOT_SHIPPED.test(name) || /(?<!\.d)\.ts$/.test(name)
    );
    assertEquals(wrong, []);
    const code = await outputOf("tar", [
      "-xOzf",
      path,
      "--wildcards",
      "*.js",
    ]);
    const named = code.match(/import\.meta\.resolve\("[^"]*"\)/g) ?? [];
    assert(named.length > 2, `${named.length} workers`);
    assertEquals(named.filter((text) => /\.ts"/.test(text)), []);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("deno publish has what the library and its programs need, without tests", async () => {
  const listed = await outputOf(Deno.execPath(), [
    "publish",
    "--dry-run",
    "--allow-dirty",
    "--no-check",
  ]);
  const files = [...listed.matchAll(/^\s+(file:\S+) \(/gm)]
    .map(([, url]) => url!.slice(ROOT.href.length));
  for (const name of [...NEEDED, "mod.ts", "sim/live/cli/herd_main.ts"]) {
    assert(files.includes(name), name);
  }
  assertEquals(files.filter((name) => NOT_SHIPPED.test(name)), []);
  assert(!files.includes(".git"), "A worktree's .git");
});
