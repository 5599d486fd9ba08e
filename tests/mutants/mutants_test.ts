import {
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import bugs from "./bugs.json" with { type: "json" };
import { type Bug, Copy, mistakes, shuffled } from "./mutants.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const TOY = {
  "deno.json": `{ "test": { "permissions": { "read": true } } }`,
  "tests/deadline.ts": "",
  "a/b/count.ts": `
export function count(to: number): number {
  let at = 0;
  while (at < to) at++;
  return at;
}
export function unseen(): number {
  return 1;
}
`,
  "tests/a/b/count_test.ts": `
import { count } from "../../../a/b/count.ts";
Deno.test("count() counts", () => {
  if (count(3) !== 3) throw new Error("wrong");
});
`,
  "tests/a/b/broken.ts": `
Deno.test("always fails", () => {
  throw new Error("wrong");
});
`,
  "tests/a/b/blind.ts": `Deno.test("sees nothing", () => {});\n`,
};
const FILE = "a/b/count.ts";
const WRONG: Bug = {
  name: "one-too-many",
  file: FILE,
  find: "at < to",
  replace: "at <= to",
};
const WAIT = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);";

/** A project in a folder of its own. */
async function toy(): Promise<AsyncDisposable & { readonly root: string }> {
  const root = await Deno.makeTempDir();
  for (const [file, text] of Object.entries(TOY)) {
    const path = `${root}/${file}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, text);
  }
  const args = ["init", "-q"];
  await new Deno.Command("git", { args, cwd: root }).output();
  const end = () => Deno.remove(root, { recursive: true });
  return { root, [Symbol.asyncDispose]: end };
}

Deno.test("Copy.plant() tells a bug that is caught from one that survives and one that hangs", async () => {
  await using project = await toy();
  await using copy = await Copy.of(project.root, 5_000);
  const planted: readonly Bug[] = [
    WRONG,
    { ...WRONG, name: "unseen", find: "return 1;", replace: "return 2;" },
    // It waits in place of looping: a processor for five seconds shows no more.
    { ...WRONG, name: "hangs", find: "at++;", replace: WAIT },
    { ...WRONG, name: "blind", tests: ["tests/a/b/blind.ts"] },
    // What was planted before is gone.
    { ...WRONG, name: "again", tests: ["tests/a/b/count_test.ts"] },
  ];
  const outcomes: string[] = [];
  for (const bug of planted) {
    const { name, outcome } = await copy.plant(bug);
    outcomes.push(`${name} ${outcome}`);
  }
  assertEquals(outcomes, [
    "one-too-many caught",
    "unseen survived",
    "hangs timeout",
    "blind survived",
    "again caught",
  ]);
  const source = await Deno.readTextFile(`${project.root}/${FILE}`);
  assertEquals(source, TOY[FILE], "planted in the project itself");
});

Deno.test("Copy.plant() has no use for tests that fail without a bug", async () => {
  await using project = await toy();
  await using copy = await Copy.of(project.root);
  await assertRejects(
    () => copy.plant({ ...WRONG, tests: ["tests/a/b/broken.ts"] }),
    Error,
    "tests/a/b/broken.ts: fails without a bug",
  );
});

Deno.test("mistakes() names what has fallen behind its source", async () => {
  await using project = await toy();
  const told = await mistakes([
    WRONG,
    { ...WRONG, name: "gone", find: "no such text" },
    { ...WRONG, name: "twice", find: "return" },
    { ...WRONG, name: "no-file", file: "a/b/gone.ts" },
    { ...WRONG, name: "no-test", tests: ["tests/gone_test.ts"] },
    { ...WRONG, name: "same", replace: WRONG.find },
    WRONG,
  ], project.root);
  assertEquals(told, [
    "gone: 0 times in a/b/count.ts: no such text",
    "twice: 2 times in a/b/count.ts: return",
    "no-file: 0 times in a/b/gone.ts: at < to",
    "no-test: no tests/gone_test.ts",
    "same: changes nothing",
    "one-too-many: a name used twice",
  ]);
});

Deno.test("bugs.json keeps up with the source", async () => {
  assertEquals(await mistakes(bugs, ROOT), []);
});

Deno.test("shuffled() draws the same bugs by the same seed, and others by another", async () => {
  const names = async (seed: string) =>
    (await shuffled(bugs, seed)).map(({ name }) => name);
  assertEquals(await names("a"), await names("a"));
  assertNotEquals(await names("a"), await names("b"));
  assertEquals((await names("a")).toSorted(), bugs.map((it) => it.name).sort());
});

Deno.test("deno task mutants says what it drew by, and refuses what it can't do", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "mutants", "--only", "no-such-bug"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals(code, 2);
  assertStringIncludes(new TextDecoder().decode(stderr), "no bug of this name");
});
