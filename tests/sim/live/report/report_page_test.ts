import { assert, assertEquals } from "@std/assert";
import {
  modulesOf,
  readPage,
} from "../../../../sim/live/report/report_page.ts";

const FOLDER = new URL("../../../../sim/report_page/", import.meta.url);

Deno.test("modulesOf() gives all modules of the page, each after those it imports from", async () => {
  const files = [...Deno.readDirSync(FOLDER)].map(({ name }) => name)
    .filter((name) => name.endsWith(".ts"));
  const listed = [...modulesOf("main.ts").keys()];
  assertEquals(files.toSorted(), listed.toSorted());
  for (const [place, file] of listed.entries()) {
    const source = await Deno.readTextFile(new URL(file, FOLDER));
    const imports = source.matchAll(
      /^import (?!type)[^;]*?from "\.\/([\w.]+)";$/gm,
    );
    for (const [, name] of imports) {
      const before = listed.slice(0, place);
      assert(before.includes(name!), `${file} imports from ${name}`);
    }
  }
});

Deno.test("readPage() gives modules that declare no name twice", async () => {
  const { modules } = await readPage();
  const names = modules.flatMap((text) =>
    [
      ...text.matchAll(
        /^(?:export )?(?:async )?(?:function\*?|class|const|let) (\w+)/gm,
      ),
    ].map(([, name]) => name!)
  );
  assert(names.length > 50);
  assertEquals(names.filter((name, i) => names.indexOf(name) !== i), []);
  for (const text of modules) {
    new Function(text.replace(/^import[^;]*;|^export /gm, ""));
  }
});
