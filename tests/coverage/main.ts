/**
 * `deno task coverage`: which lines of the server drills in virtual time reach, and
 * which they do not, with the reasons.
 *
 * @module
 */
import reasons from "./reasons.json" with { type: "json" };
import { ranges, reachedPart, readLcov, wrongReasons } from "./lcov.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
/** What a server is made of; a hub's client has dependencies of its own. */
const FOLDERS = ["herd/core", "herd/net"];
const APART = "herd/net/hub/client/";
/** A file of which a smaller part is reached needs a reason. */
const LEAST = 0.9;

function sources(folder: string): string[] {
  return [...Deno.readDirSync(ROOT + folder)].flatMap(
    ({ name, isDirectory }) => {
      const path = `${folder}/${name}`;
      if (isDirectory) return `${path}/` === APART ? [] : sources(path);
      return path.endsWith(".ts") ? [`file://${ROOT}${path}`] : [];
    },
  );
}

async function deno(...args: string[]): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
  }).spawn().status;
  if (!success) throw new Error(`deno ${args[0]} has failed`);
}

async function main(): Promise<number> {
  const folder = await Deno.makeTempDir({ prefix: "herd-coverage-" });
  try {
    const program = new URL("virtual_runs.ts", import.meta.url).pathname;
    const options = ["--quiet", "--no-check", "-P=herd"];
    const files = FOLDERS.flatMap(sources);
    await deno("run", ...options, `--coverage=${folder}`, program, ...files);
    const out = `${folder}/lines.lcov`;
    const only = "--include=/herd/(core|net)/";
    await deno(
      "coverage",
      "--quiet",
      only,
      "--lcov",
      `--output=${out}`,
      folder,
    );
    const lines = readLcov(await Deno.readTextFile(out), ROOT);
    for (const file of lines) {
      const part = reachedPart([file]);
      const why = (reasons as Record<string, string>)[file.path];
      const told = part < LEAST && why !== undefined ? `\n  ${why}` : "";
      if (file.unreached.length === 0) continue;
      const percent = (part * 100).toFixed(0).padStart(3);
      console.log(
        `${percent}% ${file.path}: not ${ranges(file.unreached)}${told}`,
      );
    }
    console.log(
      `${(reachedPart(lines) * 100).toFixed(1)}% of all lines reached`,
    );
    const wrong = wrongReasons(lines, reasons, LEAST);
    for (const it of wrong) console.error(it);
    return wrong.length === 0 ? 0 : 1;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (Deno.args.length > 0) {
  console.error("Usage: deno task coverage");
  Deno.exit(2);
}
Deno.exit(await main());
