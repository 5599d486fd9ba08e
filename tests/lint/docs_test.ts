/**
 * What is exported needs a docstring; what it is made of need not be exported.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { docErrors, exportedModules } from "./docs.ts";

Deno.test("docErrors() asks for docstrings of what is exported, and no more", async () => {
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  const check = async (source: string) => {
    await Deno.writeTextFile(path, source);
    return await docErrors([path]);
  };
  try {
    const hidden = "interface B { readonly b: number }\n";
    const documented = "/** Text. */\nexport type A = B;\n";
    assertEquals(await check(hidden + documented), []);
    const [error, ...others] = await check(`${hidden}${documented}
      /** Text. */
      export interface C { readonly c: number }`);
    assertStringIncludes(error!, "missing-jsdoc");
    assertStringIncludes(error!, "readonly c: number");
    assertEquals(others, []);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("exportedModules() are those of deno.json", async () => {
  const modules = await exportedModules();
  assertEquals(modules[0], new URL("../../mod.ts", import.meta.url).href);
  assertEquals(await docErrors(modules), []);
});
