import { assert, assertEquals } from "@std/assert";
import {
  isThere,
  keepFile,
  keptFile,
} from "../../../../sim/worlds/threads/module_files.ts";

const SOURCES = {
  "a.ts": "export const a = 1;",
  "b.ts": "export const b = 2;",
};
const TEXT = "postMessage('made');";

interface Project {
  readonly root: URL;
  readonly entry: URL;
  readonly sources: ReadonlyMap<string, string>;
}

/** A project with sources, in a folder of its own. */
async function withProject(use: (project: Project) => void): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const root = new URL(`file://${folder}/`);
    const sources = new Map<string, string>();
    for (const [name, text] of Object.entries(SOURCES)) {
      await Deno.writeTextFile(new URL(name, root), text);
      sources.set(new URL(name, root).href, text);
    }
    use({ root, entry: new URL("a.ts", root), sources });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("keptFile() is what keepFile() has kept, until a source changes", async () => {
  await withProject(({ root, entry, sources }) => {
    assertEquals(keptFile(entry, root), undefined);
    const file = keepFile(entry, TEXT, sources, root);
    assertEquals(keptFile(entry, root), file);
    assertEquals(Deno.readTextFileSync(file!), TEXT);

    Deno.writeTextFileSync(new URL("b.ts", root), "export const b = 3;");
    assertEquals(keptFile(entry, root), undefined);
    sources = new Map(sources).set(`${root}b.ts`, "export const b = 3;");
    const other = keepFile(entry, "postMessage('anew');", sources, root);
    assertEquals(keptFile(entry, root), other);
    assertEquals(Deno.readTextFileSync(file!), TEXT, "Others may run it");

    Deno.writeTextFileSync(new URL("b.ts", root), SOURCES["b.ts"]);
    keepFile(
      entry,
      TEXT,
      new Map(sources).set(`${root}b.ts`, SOURCES["b.ts"]),
      root,
    );
    assertEquals(keptFile(entry, root), file);
  });
});

Deno.test("keptFile() takes nothing that is damaged or gone", async () => {
  await withProject(({ root, entry, sources }) => {
    const file = keepFile(entry, TEXT, sources, root)!;
    assert(isThere(file));
    const list = new URL(".cache/a.ts.json", root);
    const text = Deno.readTextFileSync(list);
    for (const damaged of ["", "{", "[]", "{}", text.slice(0, -9), "null"]) {
      Deno.writeTextFileSync(list, damaged);
      assertEquals(keptFile(entry, root), undefined, damaged);
    }
    Deno.writeTextFileSync(list, text);
    assertEquals(keptFile(entry, root), file);
    Deno.writeTextFileSync(file!, TEXT.slice(0, 3));
    assertEquals(keptFile(entry, root), undefined, "a part of the file");
    Deno.removeSync(file);
    assert(!isThere(file));
    assertEquals(keptFile(entry, root), undefined);
    keepFile(entry, TEXT, sources, root);
    Deno.removeSync(new URL("b.ts", root));
    assertEquals(keptFile(entry, root), undefined);
  });
});

Deno.test("keepFile() names no folder of the machine, and no part stays where a file can't be written", async () => {
  await withProject(({ root, entry, sources }) => {
    const module = keepFile(
      entry,
      TEXT,
      new Map(sources).set("file:///elsewhere/package.js", "0"),
      root,
    )!;
    const list = new URL(".cache/a.ts.json", root);
    const text = Deno.readTextFileSync(list);
    assertEquals(JSON.parse(text).sources, Object.keys(SOURCES));
    assert(!text.includes("/"), text);

    Deno.removeSync(list);
    Deno.mkdirSync(list);
    assertEquals(keepFile(entry, TEXT, sources, root), undefined);
    const names = [...Deno.readDirSync(new URL(".cache/", root))]
      .map(({ name }) => name).sort();
    const file = module.pathname.split("/").at(-1)!;
    assertEquals(names, [file, "a.ts.json"].sort());
  });
});

Deno.test({
  name: "isThere() asks nobody for leave to look",
  permissions: { read: false },
  fn: () => assert(isThere(new URL("./nothing.ts", import.meta.url))),
});

Deno.test("keepFile() keeps nothing of others, and removes what is a day old", async () => {
  await withProject(({ root, entry, sources }) => {
    const others = new URL("https://localhost/a.ts");
    for (const it of [others, new URL("../a.ts", root)]) {
      assertEquals(keepFile(it, TEXT, sources, root), undefined);
      assertEquals(keptFile(it, root), undefined);
    }
    const old = keepFile(entry, TEXT, sources, root)!;
    const young = keepFile(entry, TEXT, new Map([...sources].slice(1)), root)!;
    const yesterday = new Date(
      Deno.statSync(old).mtime!.getTime() - 90_000_000,
    );
    Deno.utimeSync(old, yesterday, yesterday);
    keepFile(entry, TEXT, new Map([...sources].slice(0, 1)), root);
    assertEquals([old, young].map(isThere), [false, true]);
  });
});

Deno.test({
  name: "keepFile() asks nobody for leave to write",
  permissions: { read: true, write: false },
  fn() {
    const root = new URL("./", import.meta.url);
    const entry = new URL("a.ts", root);
    assertEquals(keepFile(entry, TEXT, new Map(), root), undefined);
  },
});
