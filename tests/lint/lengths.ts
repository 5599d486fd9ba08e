/**
 * Lint for the length of sources that `deno lint` does not read: style sheets,
 * pages, and programs in other languages.
 *
 * @module
 */
import { FILE_LINES_MAX, FOLDERS, linesOf } from "./sizes.ts";

const READ = /\.(?:css|html|cjs|py)$/;
/** What others have written. */
const LEFT_OUT = /\/node_modules\//;

/** The sources in folders that are too long, a line each. */
export function tooLong(folders: readonly string[]): string[] {
  return folders.flatMap(filesIn)
    .filter((path) => READ.test(path) && !LEFT_OUT.test(path))
    .flatMap((path) => {
      const lines = linesOf(Deno.readTextFileSync(path));
      return lines <= FILE_LINES_MAX
        ? []
        : [`${path}: ${lines} lines, more than ${FILE_LINES_MAX}`];
    });
}

function filesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesIn(`${folder}${name}/`) : [`${folder}${name}`]
  );
}

if (import.meta.main) {
  const found = tooLong(FOLDERS);
  for (const text of found) console.error(text);
  if (found.length > 0) Deno.exit(1);
}
