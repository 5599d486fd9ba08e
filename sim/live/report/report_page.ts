/**
 * Reads the sources of a report's page.
 *
 * @module
 */
import { stripTypeScriptTypes } from "node:module";
import type { PageSources } from "../../model/report/html.ts";
import { browserModule } from "./browser_module.ts";

const FOLDER = new URL("../../report_page/", import.meta.url);
const SHEETS = ["base.css", "page.css", "fork.css"];

/** What a module imports of the page, other than types. */
const IMPORT = /^import (?!type)[^;]*?from "\.\/([\w.]+)";$/gm;

/**
 * The sources of a module and of those that it imports, by file, each after
 * what it imports.
 */
export function modulesOf(
  file: string,
  found = new Map<string, string>(),
): ReadonlyMap<string, string> {
  if (found.has(file)) return found;
  const source = Deno.readTextFileSync(new URL(file, FOLDER));
  for (const [, name] of source.matchAll(IMPORT)) modulesOf(name!, found);
  return found.set(file, source);
}

let rerunner: Promise<string> | undefined;

/**
 * The script that replays a run, packed. It is built once, which takes a
 * second.
 */
export function readRerunner(): Promise<string> {
  return rerunner ??= browserModule("rerun_worker.ts").then(packed);
}

async function packed(text: string): Promise<string> {
  const stream = new Blob([text]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).bytes()).toBase64();
}

/**
 * Reads the page's sources, and compiles its modules to JavaScript.
 *
 * @param canRerun Whether the page can replay its run.
 */
export async function readPage(canRerun = false): Promise<PageSources> {
  const read = (name: string) => Deno.readTextFile(new URL(name, FOLDER));
  const sheets = await Promise.all(SHEETS.map(read));
  return {
    html: await read("page.html"),
    css: sheets.join("\n"),
    modules: [...modulesOf("main.ts").values()]
      .map((source) => stripTypeScriptTypes(source)),
    ...canRerun && { rerunner: await readRerunner() },
  };
}
