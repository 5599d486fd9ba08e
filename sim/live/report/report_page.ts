/**
 * Reads the sources of a report's page.
 *
 * @module
 */
import { stripTypeScriptTypes } from "node:module";
import type { PageSources } from "../../model/report/html.ts";
import { browserModule } from "./browser_module.ts";

const FOLDER = new URL("../../report_page/", import.meta.url);

/** The page's modules, each after those that it imports. */
export const PAGE_MODULES: readonly string[] = [
  "columns",
  "propagation",
  "series",
  "text",
  "dom",
  "bands",
  "run",
  "troubles",
  "summary",
  "diagram_hits",
  "places",
  "frame",
  "diagram",
  "diagram_text",
  "tree_view",
  "charts",
  "overview",
  "themes",
  "update_tools",
  "rerun_thread",
  "two_futures",
  "fork",
  "view",
  "main",
];

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
  const [html, base, css, ...modules] = await Promise.all([
    read("page.html"),
    read("base.css"),
    read("page.css"),
    ...PAGE_MODULES.map((name) => read(`${name}.ts`)),
  ]);
  return {
    html: html!,
    css: `${base}\n${css}`,
    modules: modules.map((source) => stripTypeScriptTypes(source)),
    ...canRerun && { rerunner: await readRerunner() },
  };
}
