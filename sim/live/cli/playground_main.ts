/**
 * `deno task playground`: writes a folder for any web server, with a page that
 * runs a herd in itself.
 *
 * @module
 */
import { playgroundFiles } from "../web/playground.ts";
import { readCommandLine } from "./command_line.ts";
import { programOf } from "./program.ts";
import { UsageError, usageOf } from "./usage_error.ts";
import { runProgram } from "./user_folder.ts";

export const PLAYGROUND_HELP = `Usage: deno task playground [--out DIR]

Writes a folder for any web server: a page in which a herd runs, with all
drills, for people who have installed nothing. It loads nothing but its own
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
    throw usageOf(error, `--out ${folder}: `);
  }
  if (names.length > 0 && !names.includes(MARK)) {
    throw new UsageError(`--out ${folder}: something else is in there`);
  }
}

function parsePlaygroundArguments(args: string[]) {
  const { options } = readCommandLine(args, { string: ["out"] });
  return options.help ? "help" : { folder: options.out ?? "playground" };
}

async function write({ folder }: { folder: string }): Promise<void> {
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

const main = programOf(PLAYGROUND_HELP, parsePlaygroundArguments, write);

if (import.meta.main) await runProgram(main);
