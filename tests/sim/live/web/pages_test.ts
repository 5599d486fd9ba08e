import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Pages } from "../../../../sim/live/web/pages.ts";

const PAGE = new URL("../../../../sim/page/", import.meta.url);

/** The names of the files of a folder and of those within it that end so. */
function* filesIn(folder: URL, ending: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* filesIn(new URL(`${name}/`, folder), ending);
    else if (name.endsWith(ending)) {
      yield Deno.readTextFileSync(new URL(name, folder));
    }
  }
}

Deno.test("Pages has the page in three files, which name no other of its own", () => {
  const pages = new Pages();
  pages.prepare();
  const html = pages.find("/")!.text;
  const named = [...html.matchAll(/(?:href|src)="([\w.]+)"/g)]
    .map(([, path]) => `/${path}`);
  assertEquals(named, ["/page.css", "/page.js"]);
  for (const path of named) assert(Pages.serves(path), path);
  const script = pages.find("/page.js")!;
  assertEquals(script.type, "text/javascript; charset=utf-8");
  assert(!/^\s*import\b/m.test(script.text), "It imports nothing");
  // What is known of the model is in it, and no more than what is used.
  assertStringIncludes(script.text, "function shapeOf(");
  assert(!script.text.includes("parseScenario"));
});

Deno.test("Pages sends all styles of the page", () => {
  const styles = new Pages().find("/page.css")!.text;
  for (const sheet of filesIn(PAGE, ".css")) {
    assertStringIncludes(styles, sheet);
  }
});

Deno.test("Pages serves nothing else", () => {
  const pages = new Pages();
  for (const path of ["/sim/page/main.ts", "/page.ts", "/toString", "//"]) {
    assertEquals([Pages.serves(path), pages.find(path)], [false, undefined]);
  }
});
