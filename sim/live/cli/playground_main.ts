/**
 * `deno task playground`: writes a folder for any web server, with a page that
 * runs a herd in itself.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { playgroundFiles } from "../web/playground.ts";
import { exitCodeOf, UsageError } from "./usage_error.ts";
import { enterUserFolder } from "./user_folder.ts";

export const PLAYGROUND_HELP = `Usage: deno task playground [--out DIR]

Writes a folder for any web server: a page in which a herd runs, with all
drills, for who has installed nothing. It asks nobody for anything but its own
files.

  --out DIR   where; playground by default. What is there already must be one
  --help      print this

Exit codes: 0 written, 2 wrong usage or folder, 3 internal error.
`;
/** A file that marks such a folder. */
const MARK = "herd.js";

function checkFolder(folder: string): void {
  let names: string[];
  try {
    names = [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    if (!(error instanceof Error)) throw error;
    throw new UsageError(`--out ${folder}: ${error.message}`);
  }
  if (names.length > 0 && !names.includes(MARK)) {
    throw new UsageError(`--out ${folder}: something else is in there`);
  }
}

async function main(args: readonly string[]): Promise<void> {
  const { out, help, _: rest } = parseArgs([...args], {
    string: ["out"],
    boolean: ["help"],
    unknown: (arg) => {
      throw new UsageError(`unknown argument ${arg}\n\n${PLAYGROUND_HELP}`);
    },
  });
  if (help) return console.log(PLAYGROUND_HELP);
  const folder = out ?? "playground";
  if (rest.length > 0 || folder === "") throw new UsageError(PLAYGROUND_HELP);
  checkFolder(folder);
  const files = await playgroundFiles();
  Deno.mkdirSync(`${folder}/lib`, { recursive: true });
  let bytes = 0;
  for (const [name, text] of Object.entries(files)) {
    Deno.writeTextFileSync(`${folder}/${name}`, text);
    bytes += text.length;
  }
  const megabytes = (bytes / 1e6).toFixed(1);
  console.log(
    `${folder}: ${Object.keys(files).length} files, ${megabytes} MB; ` +
      "put it on any web server",
  );
}

if (import.meta.main) {
  try {
    enterUserFolder();
    await main(Deno.args);
  } catch (error) {
    Deno.exit(exitCodeOf(error));
  }
}
