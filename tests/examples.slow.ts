/**
 * The examples, each as a project of its own in another folder: with the
 * library by its path, and from a tarball.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { assertShipped } from "./shipped.ts";

const ROOT = new URL("../", import.meta.url).pathname;
const EXAMPLE = `${ROOT}examples/propagation`;
const PERMISSIONS = ["--allow-net=127.0.0.1", "--allow-read", "--allow-env"];
/** A herd that nobody stops. */
const FORGOTTEN = `
import { Herd } from "@herd/workbench";
Deno.test("forgotten", async () => {
  await Herd.start("line:2");
});
`;

interface Ended {
  readonly code: number;
  readonly out: string;
}

async function run(
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", INIT_CWD: cwd },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout) + text(stderr) };
}

function test(cwd: string, ...args: string[]): Promise<Ended> {
  return run(Deno.execPath(), ["test", ...PERMISSIONS, ...args], cwd);
}

/** The example's files in a folder of their own; its config as `change` has it. */
async function copied(change: (config: string) => string): Promise<string> {
  const folder = await Deno.makeTempDir();
  for (const { name } of Deno.readDirSync(EXAMPLE)) {
    if (name.endsWith(".lock")) continue;
    const text = await Deno.readTextFile(`${EXAMPLE}/${name}`);
    await Deno.writeTextFile(
      `${folder}/${name}`,
      name === "deno.json" ? change(text) : text,
    );
  }
  return folder;
}

/** Asserts that a tarball has what the library needs, without its sources. */
async function assertPacked(tarball: string, cwd: string): Promise<void> {
  const list = await run("tar", ["-tzf", tarball], cwd);
  const files = list.out.trim().split("\n")
    .map((name) => name.replace(/^package\//, ""));
  assertShipped(files, ["mod.js", "mod.d.ts", "package.json"]);
  assertEquals(files.filter((name) => /(?<!\.d)\.ts$/.test(name)), []);
  const code = await run("tar", ["-xOzf", tarball, "--wildcards", "*.js"], cwd);
  const named = code.out.match(/import\.meta\.resolve\("[^"]*"\)/g) ?? [];
  assert(named.length > 2, `${named.length} workers`);
  assertEquals(named.filter((text) => /\.ts"/.test(text)), []);
}

async function assertPasses(folder: string): Promise<void> {
  const { code, out } = await test(folder, "propagation_test.ts");
  assertEquals(code, 0, out);
  assertStringIncludes(out, "1 passed");
  const modes = await run(
    Deno.execPath(),
    ["run", ...PERMISSIONS, "modes.ts"],
    folder,
  );
  assertEquals(modes.code, 0, modes.out);
  for (const mode of ["flood", "tree", "ondemand"]) {
    assertStringIncludes(modes.out, `${mode}: everywhere within `);
  }
}

Deno.test("examples/propagation passes in another folder, with the library by its path", async () => {
  const folder = await copied((text) => {
    const changed = text.replace('"../.."', JSON.stringify(ROOT));
    assert(changed !== text);
    return changed;
  });
  try {
    await assertPasses(folder);
    await Deno.writeTextFile(`${folder}/forgotten_test.ts`, FORGOTTEN);
    const { code, out } = await test(folder, "forgotten_test.ts");
    assertEquals(code, 1, out);
    assertStringIncludes(out, "Leaks detected");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("examples/propagation passes in another folder, with the library from a tarball", async () => {
  const folder = await copied((text) =>
    text.split("\n").filter((line) => !/"(imports|links)"/.test(line))
      .join("\n")
  );
  try {
    const config = `${ROOT}deno.json`;
    const packed = await run(
      Deno.execPath(),
      ["task", "--config", config, "pack", "library.tgz"],
      folder,
    );
    assertEquals(packed.code, 0, packed.out);
    await assertPacked("library.tgz", folder);
    await Deno.writeTextFile(`${folder}/package.json`, "{}");
    const installed = await run("npm", ["install", "./library.tgz"], folder);
    assertEquals(installed.code, 0, installed.out);
    await assertPasses(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
