/**
 * What has to be downloaded: all that a lock file names is, at the first start.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";

const ROOT = new URL("../", import.meta.url);
const PACKAGES_MAX = 20;
/** Programs with dependencies of their own. */
const PARTS = ["bench/plot/", "tests/browser/", "tests/deploy/"];

interface Config {
  readonly imports: Readonly<Record<string, string>>;
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await Deno.readTextFile(new URL(path, ROOT)));
}

Deno.test(`deno.lock has at most ${PACKAGES_MAX} packages to download before a herd starts`, async () => {
  const { npm } = await readJson<{ npm: object }>("deno.lock");
  const names = Object.keys(npm);
  assert(names.length > 0);
  assert(names.length <= PACKAGES_MAX, names.join("\n"));
});

Deno.test("deno.json of a part takes the versions of the project's own", async () => {
  const ours = await readJson<Config>("deno.json");
  for (const part of PARTS) {
    const { imports } = await readJson<Config>(part + "deno.json");
    for (const [name, version] of Object.entries(imports)) {
      const same = ours.imports[name];
      if (same === undefined) continue;
      // What is no package is a file, by a path from where the config stands.
      assertEquals(
        new URL(version, new URL(part, ROOT)).href,
        new URL(same, ROOT).href,
        part + name,
      );
    }
  }
});

Deno.test("docs/architecture.md says why each package is there", async () => {
  const docs = await Deno.readTextFile(new URL("docs/architecture.md", ROOT));
  for (const part of ["", ...PARTS]) {
    const { imports } = await readJson<Config>(part + "deno.json");
    for (const name of Object.keys(imports)) {
      if (name.startsWith("@std/") || name.endsWith("/")) continue;
      assertStringIncludes(docs, `\`${name}\``);
    }
  }
});

Deno.test("README.md and the examples ask for the version that deno.json has", async () => {
  const { version } = await readJson<{ version: string }>("deno.json");
  for (const path of ["README.md", "examples/propagation/deno.json"]) {
    const text = await Deno.readTextFile(new URL(path, ROOT));
    assertStringIncludes(text, `"jsr:@herd/workbench@^${version}"`, path);
  }
});
