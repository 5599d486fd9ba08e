import { assert, assertEquals } from "@std/assert";
import { Pages } from "../../../../sim/live/web/pages.ts";

const ROOT = new URL("../../../../", import.meta.url);

/** The modules of a folder and of those within it, as the page names them. */
function* modulesIn(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(new URL(folder, ROOT))) {
    if (isDirectory) yield* modulesIn(`${folder}/${name}`);
    else if (name.endsWith(".ts")) yield `/${folder}/${name}`;
  }
}

Deno.test("Pages makes JavaScript of each module of the page", async () => {
  const pages = new Pages();
  const paths = [...modulesIn("sim/page"), ...modulesIn("sim/report_page")];
  assert(paths.includes("/sim/page/main.ts"));
  for (const path of paths) {
    assert(Pages.serves(path), path);
    // Not all of TypeScript can be stripped, such as parameter properties.
    const file = await pages.find(path).catch((error) => error);
    assertEquals(file?.type, "text/javascript; charset=utf-8", path);
  }
});

Deno.test("Pages serves all that the page's modules import, of the model too", async () => {
  const pages = new Pages();
  const paths = new Set(["/sim/page/main.ts"]);
  for (const path of paths) {
    const file = await pages.find(path);
    assert(Pages.serves(path) && file !== undefined, path);
    const imports = file.text.matchAll(
      /^\s*(?:import|\} from|.*\bimport\()[^"]*"(\.[^"]+)"/gm,
    );
    for (const [, name] of imports) {
      paths.add(new URL(name!, `http://page${path}`).pathname);
    }
  }
  assert(paths.has("/sim/model/topology/shape.ts"), [...paths].join("\n"));
  assert(paths.has("/sim/page/map/view.ts"));
  assert(!Pages.serves("/sim/model/history.ts"));
});
