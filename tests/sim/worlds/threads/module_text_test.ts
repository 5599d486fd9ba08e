import { stripTypeScriptTypes } from "node:module";
import { assert, assertEquals } from "@std/assert";
import { functionOf } from "../../../../sim/worlds/threads/module_text.ts";
import { modulesOf, readModule, takeApart } from "../../../layers/imports.ts";

const FOLDERS = ["herd", "sim", "std"];

Deno.test("functionOf() changes none of the texts over several lines in the sources", async () => {
  const other = { name: "other", isLater: false };
  const paths = (await Promise.all(FOLDERS.map(modulesOf))).flat()
    .filter((path) => path.endsWith(".ts"));
  const lost: string[] = [];
  let kept = 0;
  for (const path of paths) {
    const source = await readModule(path);
    const texts = takeApart(source).strings.map(({ text }) => text)
      .filter((text) => text.includes("\n"));
    if (texts.length === 0) continue;
    const stripped = stripTypeScriptTypes(source, { mode: "transform" });
    const body = functionOf(stripped, {
      imported: () => other,
      deferred: () => other,
      isElsewhere: true,
    });
    for (const text of texts) {
      if (body.includes(text)) kept++;
      else lost.push(`${path}: ${text}`);
    }
  }
  assertEquals(lost, []);
  assert(kept > 0);
});
